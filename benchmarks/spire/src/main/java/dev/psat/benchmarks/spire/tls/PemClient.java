package dev.psat.benchmarks.spire.tls;

import java.util.Collections;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManagerFactory;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;

/**
 * The managers of a bundle for one client, whose sessions can be forgotten.
 *
 * @param managers the managers
 * @param context what the client connects by
 */
record PemClient(SslManagerBundle managers, SSLContext context) implements SslManagerBundle {

	static PemClient of(SslBundle bundle) {
		return new PemClient(bundle.getManagers(), bundle.createSslContext());
	}

	SslBundle bundle() {
		return SslBundle.of(null, null, null, null, this);
	}

	@Override
	public KeyManagerFactory getKeyManagerFactory() {
		return this.managers.getKeyManagerFactory();
	}

	@Override
	public TrustManagerFactory getTrustManagerFactory() {
		return this.managers.getTrustManagerFactory();
	}

	@Override
	public SSLContext createSslContext(String protocol) {
		return this.context;
	}

	/**
	 * Let the next connection begin with a full handshake. Over TLS 1.3 the session of
	 * the handshake is not the one that is resumed, so that those of the context have to
	 * be looked for.
	 */
	void forgetSessions() {
		SSLSessionContext sessions = this.context.getClientSessionContext();
		for (byte[] id : Collections.list(sessions.getIds())) {
			SSLSession session = sessions.getSession(id);
			if (session != null) {
				session.invalidate();
			}
		}
	}

}
