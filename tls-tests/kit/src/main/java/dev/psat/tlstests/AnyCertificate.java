package dev.psat.tlstests;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
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

	private final List<X509Certificate> issuers;

	public AnyCertificate() {
		this(List.of());
	}

	/**
	 * Create a trust manager for a server that names authorities, which nobody need obey.
	 * @param issuers the authorities
	 */
	AnyCertificate(List<X509Certificate> issuers) {
		this.pause = () -> {
		};
		this.issuers = issuers;
	}

	/**
	 * Create a trust manager for a client that pauses during each handshake, before it
	 * presents its own certificate.
	 * @param pause returns when the pause is over
	 */
	AnyCertificate(Runnable pause) {
		this.pause = pause;
		this.issuers = List.of();
	}

	/**
	 * Return the latest certificate, and clear it.
	 * @return the certificate, {@code null} if there was none
	 */
	@Nullable X509Certificate take() {
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
		return this.issuers.toArray(X509Certificate[]::new);
	}

}
