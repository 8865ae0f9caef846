package dev.psat.spire.http.internal;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

import dev.psat.spire.tls.internal.BundleTls;
import org.eclipse.jetty.alpn.client.ALPNClientConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.ALPNProcessor;
import org.eclipse.jetty.io.ssl.SslConnection.SslEndPoint;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;

/**
 * Negotiates HTTP/2 with the engines that are ours: Jetty's own processor only does it
 * with those of the JDK. Jetty finds it as a service.
 *
 * @since 0.1.0
 */
public final class JettyAlpnProcessor implements ALPNProcessor.Client {

	@Override
	public boolean appliesTo(SSLEngine engine) {
		return BundleTls.isThrowing(engine);
	}

	@Override
	public void configure(SSLEngine engine, Connection connection) {
		ALPNClientConnection negotiating = (ALPNClientConnection) connection;
		SSLParameters parameters = engine.getSSLParameters();
		parameters.setApplicationProtocols(negotiating.getProtocols().toArray(String[]::new));
		engine.setSSLParameters(parameters);
		((SslEndPoint) connection.getEndPoint()).getSslConnection()
			.addHandshakeListener(new HandshakeListener(negotiating));
	}

	private record HandshakeListener(ALPNClientConnection connection) implements SslHandshakeListener {

		@Override
		public void handshakeSucceeded(Event event) {
			String protocol = event.getSSLEngine().getApplicationProtocol();
			this.connection.selected((protocol != null && !protocol.isEmpty()) ? protocol : null);
		}

	}

}
