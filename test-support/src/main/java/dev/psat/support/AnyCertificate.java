package dev.psat.support;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

/**
 * Trusts any peer, and remembers the latest certificate. It is not called when a session
 * is resumed.
 */
public final class AnyCertificate extends X509ExtendedTrustManager {

	private final AtomicReference<@Nullable X509Certificate> latest = new AtomicReference<>();

	private final Runnable pause;

	private final X509Certificate[] issuers;

	/**
	 * Create a trust manager.
	 * @param issuers the authorities that a server names, which nobody need obey
	 */
	public AnyCertificate(X509Certificate... issuers) {
		this.pause = () -> {
		};
		this.issuers = issuers;
	}

	/**
	 * Create a trust manager for a client that pauses during each handshake, before it
	 * presents its own certificate.
	 * @param pause returns when the pause is over
	 */
	public AnyCertificate(Runnable pause) {
		this.pause = pause;
		this.issuers = new X509Certificate[0];
	}

	/**
	 * Return the latest certificate, and clear it.
	 * @return the certificate, {@code null} if there was none
	 */
	public @Nullable X509Certificate take() {
		return this.latest.getAndSet(null);
	}

	private void check(X509Certificate[] chain) {
		this.latest.set(chain[0]);
		this.pause.run();
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) {
		check(chain);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
		check(chain);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		check(chain);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType) {
		check(chain);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
		check(chain);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		check(chain);
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return this.issuers;
	}

}
