package dev.psat.spire.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.X509Certificate;
import java.util.List;

import jakarta.servlet.ServletRequest;
import org.apache.tomcat.util.net.SSLSupport;
import org.jspecify.annotations.Nullable;

/**
 * Asks Tomcat's connection. Where a proxy speaks AJP, or a valve turns headers into
 * attributes, it is the proxy's connection, if that has TLS at all.
 */
final class TomcatPeerCertificates implements PeerCertificates {

	@Override
	public @Nullable List<X509Certificate> of(Object request) {
		return (request instanceof ServletRequest servletRequest
				&& servletRequest.getAttribute(SSLSupport.SESSION_MGR) instanceof SSLSupport connection)
						? of(connection) : null;
	}

	private static @Nullable List<X509Certificate> of(SSLSupport connection) {
		try {
			X509Certificate[] chain = connection.getPeerCertificateChain();
			return (chain != null) ? List.of(chain) : null;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
