package dev.psat.tlstests.tomcat;

import java.util.List;
import java.util.stream.Stream;

import dev.psat.tlstests.TlsApplication;
import org.apache.catalina.connector.Connector;

import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

/**
 * Where the servers of an application listen.
 */
final class Ports {

	private Ports() {
	}

	static int additional(TlsApplication application) {
		List<Connector> connectors = connectors(application);
		return connectors.get(1).getLocalPort();
	}

	static List<Connector> connectors(TlsApplication application) {
		return Stream.of(webServer(application).getTomcat().getService().findConnectors()).toList();
	}

	static TomcatWebServer webServer(TlsApplication application) {
		return (TomcatWebServer) ((WebServerApplicationContext) application.context()).getWebServer();
	}

}
