package dev.psat.spire;

import java.security.KeyStore;
import java.time.Clock;
import java.util.function.Predicate;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import dev.psat.spire.client.SpiffeId;
import dev.psat.spire.tls.HandshakeCounts;
import dev.psat.spire.tls.PeerPolicies;
import dev.psat.spire.tls.SvidTls;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * An {@link SslBundle} that presents the X.509-SVID of the moment and lets in peers by
 * their SPIFFE ID. It is one live instance: whatever is obtained from it follows the
 * identity. Until there is an SVID, handshakes fail; nothing else fails, and nothing
 * waits.
 * <p>
 * The context of {@link #createSslContext()} is the one to use: it presents each new SVID
 * at once, and no connection resumes a session past the decision who may connect. What is
 * built from the stores instead trusts every certificate of the trust domain, those of
 * agents and of the SPIRE Server included, since stores check no SPIFFE ID: use them only
 * where nothing else is taken.
 *
 * @since 0.1.0
 */
public final class SpiffeSslBundle implements SslBundle {

	private static final String NOBODY = "is not authorized, since nobody is";

	private final SvidTls tls;

	private final SslStoreBundle stores = new Stores();

	private final SslManagerBundle managers = new Managers();

	private SpiffeSslBundle(SvidTls tls) {
		this.tls = tls;
	}

	/**
	 * Return a bundle over an identity that {@link SpireIdentity#builder} made; over any
	 * other it has no key and stays empty. It authorizes nobody.
	 * @param identity the identity
	 * @return the bundle
	 * @see #authorizing(Predicate)
	 */
	public static SpiffeSslBundle of(SpireIdentity identity) {
		return of(() -> identity, PeerPolicies.refusing(NOBODY));
	}

	/**
	 * Return a bundle over an identity that may come later. Public only for the
	 * auto-configuration.
	 * @param identity returns the identity, {@code null} as long as there is none
	 * @param policies who may connect
	 * @return the bundle
	 */
	public static SpiffeSslBundle of(IdentityReference identity, PeerPolicies policies) {
		return new SpiffeSslBundle(SvidTls.of(new BundleIdentity(identity), policies, Clock.systemUTC()));
	}

	/**
	 * Return this bundle with a policy of its own, for one client or one connector. In
	 * either direction it takes the place of the lists of the application. Do not declare
	 * it as a bean, which would take the place of the application's bundle: register it
	 * by an {@code SslBundleRegistrar} where a name is needed.
	 * @param authorized tells which workloads of the own trust domain may connect; asked
	 * in each handshake, so do not wait. Nobody under {@code /spire/} comes to it
	 * @return another bundle over the same identity, which is not registered
	 */
	public SpiffeSslBundle authorizing(Predicate<SpiffeId> authorized) {
		return new SpiffeSslBundle(this.tls.with(PeerPolicies.of(authorized)));
	}

	/**
	 * Return whether there is no X.509-SVID to present.
	 * @return whether there is none; {@code false} for one that has expired
	 */
	public boolean isEmpty() {
		return this.tls.isEmpty();
	}

	/**
	 * Return how many peers were let in and refused.
	 * @return the counts, those of {@link #authorizing(Predicate) policies} included
	 */
	public HandshakeCounts handshakes() {
		return this.tls.counts();
	}

	/**
	 * Return stores with what is valid now.
	 * @return stores with the alias {@code spire}, empty as long as there is nothing to
	 * hold, and never {@code null}
	 */
	@Override
	public SslStoreBundle getStores() {
		return this.stores;
	}

	@Override
	public SslBundleKey getKey() {
		return SslBundleKey.NONE;
	}

	@Override
	public SslOptions getOptions() {
		return SslOptions.NONE;
	}

	@Override
	public String getProtocol() {
		return DEFAULT_PROTOCOL;
	}

	/**
	 * Return managers that follow the identity.
	 * @return the managers, always the same
	 */
	@Override
	public SslManagerBundle getManagers() {
		return this.managers;
	}

	/**
	 * Return the context whose engines and sockets are each made of what is valid at that
	 * moment.
	 * @return the context, always the same
	 */
	@Override
	public SSLContext createSslContext() {
		return this.tls.context();
	}

	@Override
	public String toString() {
		return "SpiffeSslBundle";
	}

	/**
	 * Where a bundle finds its identity. Public only for the auto-configuration.
	 */
	@FunctionalInterface
	public interface IdentityReference {

		/**
		 * Return the identity. Never waits.
		 * @return the identity, {@code null} if there is none yet
		 */
		@Nullable SpireIdentity identity();

	}

	private final class Stores implements SslStoreBundle {

		@Override
		public KeyStore getKeyStore() {
			return SpiffeSslBundle.this.tls.keyStore();
		}

		@Override
		public @Nullable String getKeyStorePassword() {
			return null;
		}

		@Override
		public KeyStore getTrustStore() {
			return SpiffeSslBundle.this.tls.trustStore();
		}

	}

	private final class Managers implements SslManagerBundle {

		@Override
		public KeyManagerFactory getKeyManagerFactory() {
			return SpiffeSslBundle.this.tls.keyManagerFactory();
		}

		@Override
		public TrustManagerFactory getTrustManagerFactory() {
			return SpiffeSslBundle.this.tls.trustManagerFactory();
		}

		@Override
		public SSLContext createSslContext(String protocol) {
			return SpiffeSslBundle.this.tls.context();
		}

	}

}
