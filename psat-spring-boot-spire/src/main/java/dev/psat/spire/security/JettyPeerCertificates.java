package dev.psat.spire.security;

import java.security.cert.X509Certificate;
import java.util.List;

import jakarta.servlet.ServletRequest;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint.SslSessionData;
import org.jspecify.annotations.Nullable;

/**
 * Asks Jetty's connection, whose session a {@code ForwardedRequestCustomizer} leaves
 * alone.
 */
final class JettyPeerCertificates implements PeerCertificates {

	@Override
	public @Nullable List<X509Certificate> of(Object request) {
		ServletContextRequest jettyRequest = (request instanceof ServletRequest servletRequest) ? find(servletRequest)
				: null;
		if (jettyRequest == null) {
			return null;
		}
		SslSessionData connection = jettyRequest.getConnectionMetaData()
			.getConnection()
			.getEndPoint()
			.getSslSessionData();
		return (connection != null) ? PeerCertificates.of(connection.sslSession()) : null;
	}

	private static @Nullable ServletContextRequest find(ServletRequest request) {
		try {
			return ServletContextRequest.getServletContextRequest(request);
		}
		catch (IllegalStateException ex) {
			// not of Jetty
			return null;
		}
	}

}
