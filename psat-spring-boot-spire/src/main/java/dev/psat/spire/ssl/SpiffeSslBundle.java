package dev.psat.spire.ssl;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireTls;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tls.SeenPeers;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.internal.BundleTls;
import dev.psat.spire.tls.internal.TlsOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.util.Assert;

/**
 * {@link SslBundle} that presents the current X.509-SVID and authorizes peers by their
 * SPIFFE ID.
 * <p>
 * A server that does not require a client certificate is given no X.509-SVID and so
 * cannot complete a handshake: it would serve anybody. Nor is a server that is built from
 * the stores, which hold no key. A client that is built from them trusts every
 * certificate of the trust domain, including those of agents and of the SPIRE Server,
 * since stores do not check SPIFFE IDs.
 *
 * @since 0.1.0
 */
public final class SpiffeSslBundle extends SvidSslBundle {

	private final TlsIdentity identity;

	private final Lazy<SpireTls> tls;

	private final SvidStores stores;

	private SpiffeSslBundle(TlsIdentity identity, Lazy<SpireTls> tls, SvidStores stores) {
		super(identity, tls.map((made) -> Objects.requireNonNull(BundleTls.of(made.sslContext()))));
		this.identity = identity;
		this.tls = tls;
		this.stores = stores;
	}

	private SpiffeSslBundle with(Function<SpireTls, SpireTls> change) {
		return new SpiffeSslBundle(this.identity, this.tls.map(change), this.stores);
	}

	/**
	 * Create a bundle that authorizes nobody.
	 * @param identity the identity, which has a key to present if it also is a
	 * {@link TlsIdentity}, as what {@code SpireServerIdentity} and
	 * {@code WorkloadIdentity} build is; the bundle stays empty otherwise
	 * @return the bundle
	 * @see #authorizing(Predicate)
	 */
	public static SpiffeSslBundle of(SpireIdentity identity) {
		Assert.notNull(identity, "'identity' must not be null");
		return of(() -> identity, SslOptions.NONE);
	}

	/**
	 * Create a bundle for an identity that may become available later.
	 * @param identity supplies the identity without waiting, {@code null} if there is
	 * none yet
	 * @param inbound decides who may call this application
	 * @param outbound decides whom this application may call
	 * @param options the cipher suites and protocols to which each connection is limited
	 * @return the bundle
	 * @throws IllegalArgumentException if the JDK does not have one of them, or could not
	 * begin any handshake with them
	 */
	public static SpiffeSslBundle of(Supplier<? extends @Nullable SpireIdentity> identity, PeerPolicy inbound,
			PeerPolicy outbound, SslOptions options) {
		Assert.notNull(identity, "'identity' must not be null");
		Assert.notNull(inbound, "'inbound' must not be null");
		Assert.notNull(outbound, "'outbound' must not be null");
		Assert.notNull(options, "'options' must not be null");
		return of(identity, options).authorizing(inbound, outbound);
	}

	private static SpiffeSslBundle of(Supplier<? extends @Nullable SpireIdentity> identity, SslOptions options) {
		TlsIdentity presented = new BundleIdentity(identity);
		TlsOptions limits = limits(options);
		return new SpiffeSslBundle(presented,
				new Lazy<>(() -> SpireTls.of(presented, limits.ciphers(), limits.enabledProtocols())),
				new SvidStores(presented));
	}

	/**
	 * Return a bundle with a separate policy, for a single client or connector. In both
	 * directions, it replaces the lists of the application. If the result is a bean, it
	 * must not be a default candidate for injection, or the application does not start,
	 * since it would replace the application's bundle. If it needs a name, register it
	 * with an {@code SslBundleRegistrar}.
	 * @param authorized tests whether a workload of the own trust domain may connect; see
	 * {@link SpireTls#authorizing(Predicate)}
	 * @return a bundle for the same identity, which is not registered, and refuses
	 * workloads of every other trust domain
	 * @see #authorizing(TrustDomain, Predicate)
	 */
	public SpiffeSslBundle authorizing(Predicate<SpiffeId> authorized) {
		Assert.notNull(authorized, "'authorized' must not be null");
		return with((tls) -> tls.authorizing(authorized));
	}

	/**
	 * Return a bundle with a separate policy for the workloads of a single trust domain.
	 * It refuses those of every other, including the own one unless that is the one
	 * given, and otherwise is like {@link #authorizing(Predicate)}. A policy for several
	 * trust domains is a {@link PeerPolicy} that {@link PeerPolicy#trustDomains() names}
	 * them.
	 * @param trustDomain the trust domain, whose workloads can connect only as long as
	 * the identity trusts it
	 * @param authorized tests whether a workload of that trust domain may connect
	 * @return a bundle for the same identity, which is not registered
	 */
	public SpiffeSslBundle authorizing(TrustDomain trustDomain, Predicate<SpiffeId> authorized) {
		Assert.notNull(trustDomain, "'trustDomain' must not be null");
		Assert.notNull(authorized, "'authorized' must not be null");
		return with((tls) -> tls.authorizing(trustDomain, authorized));
	}

	/**
	 * Return a bundle with separate policies for the two directions, which may decide on
	 * several {@link PeerPolicy#trustDomains() trust domains}, and otherwise is like
	 * {@link #authorizing(Predicate)}.
	 * @param inbound decides who may call this application
	 * @param outbound decides whom this application may call
	 * @return a bundle for the same identity, which is not registered
	 */
	public SpiffeSslBundle authorizing(PeerPolicy inbound, PeerPolicy outbound) {
		Assert.notNull(inbound, "'inbound' must not be null");
		Assert.notNull(outbound, "'outbound' must not be null");
		return with((tls) -> tls.authorizing(inbound, outbound));
	}

	/**
	 * Return a bundle whose servers may also serve clients without a certificate, if they
	 * are configured to do so. The application then decides about those clients. Where
	 * properties configure {@code client-auth}, this is not needed.
	 * @return a bundle for the same identity with the same policy, which is not
	 * registered
	 */
	public SpiffeSslBundle withOptionalCertificates() {
		return with((tls) -> tls.withOptionalCertificates());
	}

	/**
	 * Return a bundle whose connections last as long as their ends like. Otherwise, those
	 * that can be ended end when the cause of their authorization does.
	 * @return a bundle for the same identity with the same policy, which is not
	 * registered
	 */
	public SpiffeSslBundle keepingConnections() {
		return with((tls) -> tls.keepingConnections());
	}

	/**
	 * Have the policies asked again about all open connections of this bundle and of
	 * those that were made of it or share their origin with it, as
	 * {@link SpireTls#reauthorize()} does. A policy must not call this itself.
	 */
	public void reauthorize() {
		this.tls.get().reauthorize();
	}

	/**
	 * Return the peers that were seen, including those with bundles that were made of
	 * this one.
	 */
	public SeenPeers peers() {
		return this.tls.get().peers();
	}

	/**
	 * Verify the certificates of a client, as {@link SpireTls#verifyClient} does.
	 * @param chain the certificates, the leaf first, from the TLS session of its
	 * connection
	 * @return the SPIFFE ID of the client
	 * @throws CertificateException if the client may not connect
	 */
	public SpiffeId verifyClient(List<X509Certificate> chain) throws CertificateException {
		Assert.notNull(chain, "'chain' must not be null");
		return this.tls.get().verifyClient(chain);
	}

	/**
	 * Return stores with the authorities of the own trust domain, and without a key. What
	 * is built from them trusts no other trust domain, since a store cannot tell for
	 * which one an authority may vouch.
	 * @return the stores, which may be empty, but are never {@code null}
	 */
	@Override
	public SslStoreBundle getStores() {
		return this.stores;
	}

	/**
	 * Return {@code false}, since the SPIFFE ID takes the place of a host name, which an
	 * X.509-SVID does not contain.
	 */
	@Override
	public boolean verifiesHostName() {
		return false;
	}

	@Override
	public String toString() {
		return "SpiffeSslBundle";
	}

}
