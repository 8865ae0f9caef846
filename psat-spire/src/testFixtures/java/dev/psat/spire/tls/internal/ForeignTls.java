package dev.psat.spire.tls.internal;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

import dev.psat.support.AnyCertificate;
import dev.psat.support.CertificateWriter;
import dev.psat.support.ClassicAuthority;

/**
 * Contexts of ends that are not ours: they let in whomever they ask, and renegotiate.
 */
public final class ForeignTls {

	private ForeignTls() {
	}

	/**
	 * Create a context for a server with a classic certificate.
	 * @param authority signs the certificate
	 * @param host the name on the certificate
	 * @param named the issuers that the server names to clients
	 */
	public static SSLContext server(ClassicAuthority authority, String host, X509Certificate... named) {
		X509Certificate certificate = authority.issue(host, CertificateWriter.KEYS.getPublic());
		return context(CertificateWriter.KEYS.getPrivate(), new X509Certificate[] { certificate }, named);
	}

	static SSLContext context(PrivateKey key, X509Certificate[] chain, X509Certificate... named) {
		try {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(null, null);
			store.setKeyEntry("peer", key, new char[0], chain);
			KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
			keys.init(store, new char[0]);
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(keys.getKeyManagers(), new TrustManager[] { new AnyCertificate(named) }, null);
			return context;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
