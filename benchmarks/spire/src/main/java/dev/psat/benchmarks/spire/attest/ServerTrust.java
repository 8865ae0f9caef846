package dev.psat.benchmarks.spire.attest;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * The least that makes sure that the server is a SPIRE Server: the JDK's own check of the
 * chain, and the ID.
 */
final class ServerTrust extends X509ExtendedTrustManager {

	private final X509TrustManager chain;

	private final String id;

	ServerTrust(String trustDomain, Collection<X509Certificate> authorities) throws GeneralSecurityException {
		this.id = "spiffe://" + trustDomain + "/spire/server";
		this.chain = chain(authorities);
	}

	private static X509TrustManager chain(Collection<X509Certificate> authorities) throws GeneralSecurityException {
		try {
			KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
			store.load(null, null);
			for (X509Certificate authority : authorities) {
				store.setCertificateEntry("authority-" + store.size(), authority);
			}
			TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
			factory.init(store);
			return (X509TrustManager) factory.getTrustManagers()[0];
		}
		catch (IOException ex) {
			throw new GeneralSecurityException(ex);
		}
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		this.chain.checkServerTrusted(chain, authType);
		Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
		if (names == null || names.stream().noneMatch((name) -> this.id.equals(name.get(1)))) {
			throw new CertificateException("The server is not " + this.id);
		}
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		checkServerTrusted(chain, authType);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		checkServerTrusted(chain, authType);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		throw new CertificateException("There are no clients");
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		checkClientTrusted(chain, authType);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		checkClientTrusted(chain, authType);
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return new X509Certificate[0];
	}

}
