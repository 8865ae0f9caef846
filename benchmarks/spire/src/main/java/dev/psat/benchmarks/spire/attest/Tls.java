package dev.psat.benchmarks.spire.attest;

import java.security.GeneralSecurityException;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

/**
 * TLS as our client speaks it: version 1.3, and no session that another connection could
 * resume.
 */
final class Tls {

	static final String VERSION = "TLSv1.3";

	private Tls() {
	}

	static SSLContext context(X509ExtendedTrustManager trust, @Nullable X509ExtendedKeyManager key)
			throws GeneralSecurityException {
		SSLContext context = SSLContext.getInstance(VERSION);
		context.init((key != null) ? new KeyManager[] { key } : new KeyManager[0], new TrustManager[] { trust }, null);
		return context;
	}

	static SSLParameters parameters() {
		SSLParameters parameters = new SSLParameters();
		parameters.setProtocols(new String[] { VERSION });
		parameters.setApplicationProtocols(new String[] { "h2" });
		return parameters;
	}

}
