package dev.psat.tlstests;

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

	/**
	 * Return the latest certificate, and clear it.
	 * @return the certificate, {@code null} if there was none
	 */
	@Nullable X509Certificate take() {
		return this.latest.getAndSet(null);
	}

	private void check(X509Certificate[] chain) {
		this.latest.set(chain[0]);
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
		return new X509Certificate[0];
	}

}
