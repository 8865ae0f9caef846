package dev.psat.spire.ssl;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.tls.TlsIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslStoreBundle;

/**
 * For libraries that accept nothing else. A server of stores checks no SPIFFE IDs, so
 * there is no key for it to serve.
 */
final class SvidStores implements SslStoreBundle {

	/** Constant, since Spring Boot's metrics use it as a tag. */
	private static final String ALIAS = "spire";

	private final TlsIdentity identity;

	private @Nullable List<X509Authority> authorities;

	private @Nullable KeyStore trustStore;

	SvidStores(TlsIdentity identity) {
		this.identity = identity;
	}

	// or Tomcat would look for one in the home directory
	@Override
	public KeyStore getKeyStore() {
		return create(List.of());
	}

	@Override
	public @Nullable String getKeyStorePassword() {
		return null;
	}

	// created once for each set of authorities
	@Override
	public KeyStore getTrustStore() {
		TrustBundle trustBundle = this.identity.snapshot().trustBundle();
		return trustStoreOf((trustBundle != null) ? trustBundle.x509Authorities() : List.of());
	}

	private synchronized KeyStore trustStoreOf(List<X509Authority> authorities) {
		KeyStore store = this.trustStore;
		if (store == null || !authorities.equals(this.authorities)) {
			store = create(authorities);
			this.authorities = authorities;
			this.trustStore = store;
		}
		return store;
	}

	static KeyStore create(List<X509Authority> authorities) {
		try {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(null, null);
			for (int i = 0; i < authorities.size(); i++) {
				store.setCertificateEntry(ALIAS + "-" + i, authorities.get(i).certificate());
			}
			return store;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException("A key store cannot be made in memory", ex);
		}
	}

}
