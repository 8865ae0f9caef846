package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

import dev.psat.support.CertificateWriter;

/**
 * A CA that certifies host names, and servers with its certificates, which let in
 * whomever they ask.
 */
public final class ClassicAuthority {

	private static final String NAME = "ca.example";

	private final KeyPair keys = CertificateWriter.newKeys();

	private final X509Certificate root = new CertificateWriter().ca(null)
		.subject(NAME)
		.key(this.keys.getPublic())
		.signedBy(NAME, this.keys.getPrivate());

	/**
	 * Return a store with the root.
	 */
	public KeyStore trustStore() {
		try {
			KeyStore store = emptyStore();
			store.setCertificateEntry("root", this.root);
			return store;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the trust manager of the JDK for this CA.
	 */
	public X509ExtendedTrustManager trustManager() {
		try {
			TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			factory.init(trustStore());
			return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Create a server.
	 * @param host the name on its certificate
	 * @param named the issuers that it names to clients
	 * @return its context
	 */
	public SSLContext server(String host, X509Certificate... named) {
		X509Certificate certificate = new CertificateWriter().subject(host)
			.dnsName(host)
			.signedBy(NAME, this.keys.getPrivate());
		try {
			KeyStore store = emptyStore();
			store.setKeyEntry("server", CertificateWriter.KEYS.getPrivate(), new char[0],
					new Certificate[] { certificate });
			KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			factory.init(store, new char[0]);
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(factory.getKeyManagers(), new TrustManager[] { new Anybody(named) }, null);
			return context;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		return store;
	}

	private static final class Anybody extends X509ExtendedTrustManager {

		private final X509Certificate[] named;

		Anybody(X509Certificate[] named) {
			this.named = named;
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return this.named;
		}

	}

}
