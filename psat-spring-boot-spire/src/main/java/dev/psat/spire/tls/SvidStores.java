package dev.psat.spire.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

import dev.psat.spire.client.TrustBundle;
import dev.psat.spire.client.X509Authority;
import org.jspecify.annotations.Nullable;

/**
 * The current X.509-SVID and trust bundle as key stores, for libraries that accept
 * nothing else. A store is created once for each SVID or set of authorities. Neither
 * store decides who may connect.
 */
final class SvidStores {

	/** Constant, since Spring Boot's metrics use it as a tag. */
	private static final String ALIAS = "spire";

	private final TlsIdentity identity;

	private final Cached<KeyedSvid> keyStore = new Cached<>(SvidStores::fill);

	private final Cached<List<X509Authority>> trustStore = new Cached<>(SvidStores::fill);

	SvidStores(TlsIdentity identity) {
		this.identity = identity;
	}

	/**
	 * Return a store with chain and private key of the X.509-SVID.
	 * @return the store, empty if there is none
	 */
	KeyStore keyStore() {
		return this.keyStore.of(this.identity.snapshot().svid());
	}

	/**
	 * Return a store with the authorities of the trust domain.
	 * @return the store, empty if there is no trust bundle
	 */
	KeyStore trustStore() {
		TrustBundle trustBundle = this.identity.snapshot().trustBundle();
		return this.trustStore.of((trustBundle != null) ? trustBundle.x509Authorities() : null);
	}

	private static void fill(KeyStore store, KeyedSvid svid) throws GeneralSecurityException {
		store.setKeyEntry(ALIAS, svid.privateKey(), new char[0], svid.svid().chain().toArray(X509Certificate[]::new));
	}

	private static void fill(KeyStore store, List<X509Authority> authorities) throws GeneralSecurityException {
		for (int i = 0; i < authorities.size(); i++) {
			store.setCertificateEntry(ALIAS + "-" + i, authorities.get(i).certificate());
		}
	}

	/**
	 * The store of the latest content.
	 */
	private static final class Cached<C> {

		private final Filler<C> filler;

		private @Nullable C content;

		private @Nullable KeyStore store;

		Cached(Filler<C> filler) {
			this.filler = filler;
		}

		synchronized KeyStore of(@Nullable C content) {
			KeyStore store = this.store;
			if (store == null || !Objects.equals(content, this.content)) {
				store = create(content);
				this.content = content;
				this.store = store;
			}
			return store;
		}

		private KeyStore create(@Nullable C content) {
			try {
				KeyStore store = KeyStore.getInstance("PKCS12");
				store.load(null, null);
				if (content != null) {
					this.filler.fill(store, content);
				}
				return store;
			}
			catch (GeneralSecurityException | IOException ex) {
				throw new IllegalStateException("A key store cannot be made in memory", ex);
			}
		}

	}

	private interface Filler<C> {

		void fill(KeyStore store, C content) throws GeneralSecurityException;

	}

}
