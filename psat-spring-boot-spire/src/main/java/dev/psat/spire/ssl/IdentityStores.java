package dev.psat.spire.ssl;

import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslStoreBundle;

/**
 * Key stores for libraries that accept nothing else: what verifies servers, and no key.
 */
final class IdentityStores implements SslStoreBundle {

	private final BundleTrust trust;

	IdentityStores(BundleTrust trust) {
		this.trust = trust;
	}

	/**
	 * Return a store without a key. It must not be absent: Tomcat would look for one in
	 * the home directory.
	 * @return a new store, which is empty
	 */
	@Override
	public KeyStore getKeyStore() {
		return SvidStores.create(List.of());
	}

	@Override
	public @Nullable String getKeyStorePassword() {
		return null;
	}

	/**
	 * Return the trust store of the bundle that verifies servers.
	 * @return the store, {@code null} for that of the JVM, and empty if there is no such
	 * bundle
	 */
	@Override
	public @Nullable KeyStore getTrustStore() {
		try {
			return this.trust.bundle().getStores().getTrustStore();
		}
		catch (CertificateException ex) {
			return SvidStores.create(List.of());
		}
	}

}
