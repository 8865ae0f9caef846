package dev.psat.benchmarks.spire.tls;

import java.security.GeneralSecurityException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;

/**
 * The managers of a bundle for one client, whose server certificates are counted when
 * they are checked, and whose sessions can be forgotten.
 */
final class PemClient implements SslManagerBundle {

	private final List<SSLContext> contexts = new CopyOnWriteArrayList<>();

	private final SslManagerBundle managers;

	private final LongAdder checks;

	private PemClient(SslManagerBundle managers, LongAdder checks) {
		this.managers = managers;
		this.checks = checks;
	}

	static PemClient of(SslBundle bundle, LongAdder checks) {
		return new PemClient(bundle.getManagers(), checks);
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
		try {
			SSLContext context = SSLContext.getInstance(protocol);
			context.init(this.managers.getKeyManagers(), new TrustManager[] { new CountingTrustManager(
					(X509ExtendedTrustManager) this.managers.getTrustManagers()[0], this.checks) }, null);
			this.contexts.add(context);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Let the next connection begin with a full handshake. Over TLS 1.3 the session of
	 * the handshake is not the one that is resumed, so that those of the context have to
	 * be looked for.
	 */
	void forgetSessions() {
		this.contexts.forEach(PemClient::forgetSessions);
	}

	static void forgetSessions(SSLContext context) {
		SSLSessionContext sessions = context.getClientSessionContext();
		for (byte[] id : Collections.list(sessions.getIds())) {
			SSLSession session = sessions.getSession(id);
			if (session != null) {
				session.invalidate();
			}
		}
	}

}
