package dev.psat.sample;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tomcat.SpiffeTomcatConnectorCustomizer;
import org.apache.catalina.connector.Connector;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Adds a second port, on which the application presents its X.509-SVID and identifies its
 * callers by theirs. The first port is unchanged, for the page and kubelet's probes,
 * which have no SVID.
 */
@Component
class TlsConnector implements WebServerFactoryCustomizer<TomcatWebServerFactory> {

	private final int port;

	private final SpiffeSslBundle bundle;

	private final Connector connector = new Connector();

	TlsConnector(@Value("${sample.tls-port}") int port, SpiffeSslBundle bundle) {
		this.port = port;
		this.bundle = bundle;
	}

	@Override
	public void customize(TomcatWebServerFactory factory) {
		// a random port if the other one is random
		this.connector.setPort((factory.getPort() != 0) ? this.port : 0);
		// A connection keeps the SVIDs with which it began. Here, each request is a new
		// handshake, so that the page is always up to date; the default would be a
		// hundred requests
		this.connector.setProperty("maxKeepAliveRequests", "1");
		new SpiffeTomcatConnectorCustomizer(this.bundle).customize(this.connector);
		factory.addAdditionalConnectors(this.connector);
	}

	/**
	 * Return the port of the connector.
	 * @return the port
	 */
	int localPort() {
		return this.connector.getLocalPort();
	}

}
