package dev.psat.tlstests.jetty;

import dev.psat.tlstests.TlsApplication;
import org.eclipse.jetty.server.NetworkConnector;

import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

/**
 * Where the servers of an application listen.
 */
final class Ports {

	private Ports() {
	}

	static int additional(TlsApplication application) {
		return ((NetworkConnector) webServer(application).getServer().getConnectors()[1]).getLocalPort();
	}

	private static JettyWebServer webServer(TlsApplication application) {
		return (JettyWebServer) ((WebServerApplicationContext) application.context()).getWebServer();
	}

}
