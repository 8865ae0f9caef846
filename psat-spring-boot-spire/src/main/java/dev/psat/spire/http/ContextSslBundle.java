package dev.psat.spire.http;

import javax.net.ssl.SSLContext;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * A bundle with another context, for a builder that takes nothing but bundles.
 *
 * @param bundle the bundle
 * @param context the context
 */
record ContextSslBundle(SslBundle bundle, SSLContext context) implements SslBundle {

	@Override
	public SslStoreBundle getStores() {
		return this.bundle.getStores();
	}

	@Override
	public SslBundleKey getKey() {
		return this.bundle.getKey();
	}

	@Override
	public SslOptions getOptions() {
		return this.bundle.getOptions();
	}

	@Override
	public String getProtocol() {
		return this.bundle.getProtocol();
	}

	@Override
	public SslManagerBundle getManagers() {
		return this.bundle.getManagers();
	}

	@Override
	public SSLContext createSslContext() {
		return this.context;
	}

}
