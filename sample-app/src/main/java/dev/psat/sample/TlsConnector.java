package dev.psat.sample;

import dev.psat.spire.SpiffeSslBundle;
import dev.psat.spire.SpiffeTomcatConnectorCustomizer;
import org.apache.catalina.connector.Connector;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * A second port, where the application serves its X.509-SVID and knows its callers by
 * theirs. The first one stays as it is, for the page and the probes of kubelet, which
 * have no SVID.
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
		// any free port, if that is what the other one is
		this.connector.setPort((factory.getPort() != 0) ? this.port : 0);
		// A connection lives on with the SVIDs that it began with. Here each request is a
		// handshake, so that the page is never behind; others would grant a hundred
		this.connector.setProperty("maxKeepAliveRequests", "1");
		new SpiffeTomcatConnectorCustomizer(this.bundle).customize(this.connector);
		factory.addAdditionalConnectors(this.connector);
	}

	/**
	 * Return the port that is listened on.
	 * @return the port
	 */
	int localPort() {
		return this.connector.getLocalPort();
	}

}
