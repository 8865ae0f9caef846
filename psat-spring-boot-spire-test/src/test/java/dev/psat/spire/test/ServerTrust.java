package dev.psat.spire.test;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts every server, and remembers its certificates for the test to look at.
 */
final class ServerTrust extends X509ExtendedTrustManager {

	private final List<List<X509Certificate>> chains = new CopyOnWriteArrayList<>();

	void clear() {
		this.chains.clear();
	}

	int count() {
		return this.chains.size();
	}

	List<X509Certificate> chain(int index) {
		return this.chains.get(index);
	}

	List<X509Certificate> lastChain() {
		return this.chains.get(this.chains.size() - 1);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) {
		this.chains.add(List.of(chain));
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
		checkServerTrusted(chain, authType);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		checkServerTrusted(chain, authType);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType) {
		throw new IllegalStateException();
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
		throw new IllegalStateException();
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		throw new IllegalStateException();
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return new X509Certificate[0];
	}

}
