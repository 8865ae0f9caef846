package dev.psat.spire.ssl;

import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.function.Supplier;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.internal.BundleTls;
import dev.psat.spire.tls.internal.ClassicTls;
import dev.psat.spire.tls.internal.TlsOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.util.Assert;

/**
 * {@link SslBundle} that presents the current X.509-SVID to servers with a certificate of
 * a classic CA: brokers, databases, authorization servers. The server is verified by what
 * another SSL bundle trusts, and by its host name, which is checked unless the client
 * sets an empty endpoint identification algorithm.
 * <p>
 * A server that asks for a certificate and names the issuers that it knows gets the
 * X.509-SVID only if one of them has issued it, or is an X.509 authority of the trust
 * domain; one that names none gets it. Without an X.509-SVID there is no connection.
 * <p>
 * No server can use the bundle: it has no key to serve, and accepts no client. A client
 * that is built from the stores presents nothing.
 *
 * @since 0.1.0
 */
public final class IdentitySslBundle extends SvidSslBundle {

	private final BundleTrust trust;

	private final IdentityStores stores;

	private final TlsIdentity identity;

	private final Lazy<BundleTls> tls;

	private IdentitySslBundle(TlsIdentity identity, Lazy<BundleTls> tls, BundleTrust trust) {
		super(identity, tls);
		this.identity = identity;
		this.tls = tls;
		this.trust = trust;
		this.stores = new IdentityStores(trust);
	}

	/**
	 * Create a bundle that verifies servers by the trust store of the JVM.
	 * @param identity the identity, which has a key to present if it also is a
	 * {@link TlsIdentity}, as what {@code SpireServerIdentity} and
	 * {@code WorkloadIdentity} build is; the bundle stays empty otherwise
	 * @return the bundle
	 */
	public static IdentitySslBundle of(SpireIdentity identity) {
		Assert.notNull(identity, "'identity' must not be null");
		return of(() -> identity, SslOptions.NONE);
	}

	/**
	 * Create a bundle for an identity that may become available later, which verifies
	 * servers by the trust store of the JVM.
	 * @param identity supplies the identity without waiting, {@code null} if there is
	 * none yet
	 * @param options the cipher suites and protocols to which each connection is limited
	 * @return the bundle
	 * @throws IllegalArgumentException if the JDK does not have one of them, or could not
	 * begin any handshake with them
	 */
	public static IdentitySslBundle of(Supplier<? extends @Nullable SpireIdentity> identity, SslOptions options) {
		Assert.notNull(identity, "'identity' must not be null");
		Assert.notNull(options, "'options' must not be null");
		return of(identity, BundleTrust.ofJvm(), options);
	}

	/**
	 * Create a bundle for an identity that may become available later.
	 * @param identity supplies the identity without waiting, {@code null} if there is
	 * none yet
	 * @param trust supplies the bundle whose trust store verifies servers, for each
	 * connection. No server is accepted as long as it supplies {@code null}, a bundle
	 * without a trust store or one of the SPIRE identity, or throws an exception
	 * @param options the cipher suites and protocols to which each connection is limited
	 * @return the bundle
	 * @throws IllegalArgumentException if the JDK does not have one of them, or could not
	 * begin any handshake with them
	 */
	public static IdentitySslBundle of(Supplier<? extends @Nullable SpireIdentity> identity,
			Supplier<? extends @Nullable SslBundle> trust, SslOptions options) {
		Assert.notNull(identity, "'identity' must not be null");
		Assert.notNull(trust, "'trust' must not be null");
		Assert.notNull(options, "'options' must not be null");
		return of(identity, new BundleTrust(trust), options);
	}

	private static IdentitySslBundle of(Supplier<? extends @Nullable SpireIdentity> identity, BundleTrust trust,
			SslOptions options) {
		TlsIdentity presented = new BundleIdentity(identity);
		TlsOptions limits = limits(options);
		return new IdentitySslBundle(presented, new Lazy<>(() -> ClassicTls.of(presented, trust, limits)), trust);
	}

	/**
	 * Return a bundle whose connections last as long as their ends like. Otherwise, those
	 * that can be ended end once this application has no X.509-SVID any more, or its own
	 * expired two minutes ago.
	 * @return a bundle for the same identity and trust, which is not registered
	 */
	public IdentitySslBundle keepingConnections() {
		return new IdentitySslBundle(this.identity, this.tls.map(BundleTls::keepingConnections), this.trust);
	}

	/**
	 * Read what verifies servers, unless that has been read. Otherwise, the next
	 * connection reads it, and so would wait for its files.
	 * @throws CertificateException if there is nothing that verifies servers
	 */
	public void readTrust() throws CertificateException {
		this.trust.trustManager();
	}

	/**
	 * Return {@code true}: a classic CA certifies many servers, and only the host name
	 * tells which is meant.
	 */
	@Override
	public boolean verifiesHostName() {
		return true;
	}

	/** Return the trust store of the bundle that verifies servers, and no key. */
	@Override
	public SslStoreBundle getStores() {
		return this.stores;
	}

	@Override
	public String toString() {
		return "IdentitySslBundle";
	}

	/** For libraries that accept nothing else: what verifies servers, and no key. */
	static final class IdentityStores implements SslStoreBundle {

		private final BundleTrust trust;

		IdentityStores(BundleTrust trust) {
			this.trust = trust;
		}

		// or Tomcat would look for one in the home directory
		@Override
		public KeyStore getKeyStore() {
			return SvidStores.create(List.of());
		}

		@Override
		public @Nullable String getKeyStorePassword() {
			return null;
		}

		// none for that of the JVM, and an empty one if there is no such bundle
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

}
