package dev.psat.spire.client;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

/**
 * Extends {@link X509ExtendedTrustManager} so that the JDK does not check the host name,
 * which the certificate of a SPIRE Server does not contain. TLS 1.3 sends the protocol
 * before the certificate (RFC 8446, section 4.3.1).
 */
final class ServerTrustManager extends X509ExtendedTrustManager {

	private final ServerVerifier verifier;

	private final CompletableFuture<Void> checked;

	ServerTrustManager(ServerVerifier verifier, CompletableFuture<Void> checked) {
		this.verifier = verifier;
		this.checked = checked;
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		check(chain, engine.getHandshakeApplicationProtocol());
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		check(chain, ((SSLSocket) socket).getHandshakeApplicationProtocol());
	}

	private void check(X509Certificate[] chain, @Nullable String protocol) throws ServerVerifier.RejectedException {
		try {
			this.verifier.verify(List.of(chain));
			if (!ChannelTls.HTTP_2.equals(protocol)) {
				throw new ServerVerifier.RejectedException(FailureReason.PROTOCOL_ERROR,
						"The server does not speak HTTP/2");
			}
		}
		catch (ServerVerifier.RejectedException ex) {
			throw rejected(ex);
		}
		catch (RuntimeException ex) {
			// TLS would otherwise end the handshake without reporting it
			throw rejected(new ServerVerifier.RejectedException(FailureReason.SERVER_NOT_TRUSTED,
					"The server could not be verified: " + ex.getMessage(), ex));
		}
		this.checked.complete(null);
	}

	private ServerVerifier.RejectedException rejected(ServerVerifier.RejectedException rejection) {
		this.checked.completeExceptionally(rejection);
		return rejection;
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		throw notSupported();
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		throw notSupported();
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		throw notSupported();
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		throw notSupported();
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return new X509Certificate[0];
	}

	private static CertificateException notSupported() {
		return new CertificateException("Only checks servers, during a handshake");
	}

}
