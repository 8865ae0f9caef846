package dev.psat.spire;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.ConnectionCounts;
import dev.psat.spire.tls.HandshakeCounts;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tls.SeenPeers;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.internal.PeerPolicies;
import dev.psat.spire.tls.internal.SvidTls;
import dev.psat.spire.tls.internal.TlsOptions;

/**
 * TLS that presents the current X.509-SVID of an identity and authorizes peers by their
 * SPIFFE ID, for servers and clients of any library that accepts an {@link SSLContext}.
 * Everything obtained from it follows the identity. Until there is an SVID, handshakes
 * fail, but nothing else fails and nothing waits. Spring Boot's applications have it as
 * an SSL bundle.
 * <p>
 * Use the {@linkplain #sslContext() context} rather than the managers wherever possible:
 * it presents each new SVID at once, and no connection can resume a session without a new
 * authorization decision. A server has to require a client certificate: it cannot
 * complete a handshake otherwise, since it would serve anybody.
 * <p>
 * There is nothing to close: connections that can be ended end with the X.509-SVIDs and
 * the authorization of their ends.
 *
 * @since 0.1.0
 */
public final class SpireTls {

	private final SvidTls tls;

	private SpireTls(SvidTls tls) {
		this.tls = tls;
	}

	/**
	 * Create an instance that authorizes nobody.
	 * @param identity an identity that also is a {@link TlsIdentity}, as those of
	 * {@code SpireServerIdentity} and {@code WorkloadIdentity} are
	 * @return a new instance
	 * @throws IllegalArgumentException if the identity is no {@link TlsIdentity}, so that
	 * it has no private key to present
	 * @see #authorizing(Predicate)
	 */
	public static SpireTls of(SpireIdentity identity) {
		Objects.requireNonNull(identity, "'identity' must not be null");
		if (!(identity instanceof TlsIdentity presented)) {
			throw new IllegalArgumentException("'identity' must be a TlsIdentity");
		}
		return of(presented, List.of(), List.of());
	}

	/**
	 * Create an instance that authorizes nobody, with limits.
	 * @param identity the identity
	 * @param ciphers the cipher suites to which each connection is limited, by the names
	 * of the JDK; empty for those of the JDK
	 * @param enabledProtocols the protocols to which each connection is limited; empty
	 * for those of the JDK
	 * @return a new instance
	 * @throws IllegalArgumentException if the JDK does not have one of them, or could not
	 * begin any handshake with them
	 * @see #authorizing(Predicate)
	 */
	public static SpireTls of(TlsIdentity identity, Collection<String> ciphers, Collection<String> enabledProtocols) {
		return new SpireTls(SvidTls.of(identity, PeerPolicies.refusing("is not authorized, since nobody is"),
				TlsOptions.of(ciphers, enabledProtocols)));
	}

	/**
	 * Return an instance that authorizes workloads of the own trust domain, in both
	 * directions, and refuses those of every other.
	 * @param authorized tests whether a workload of the own trust domain may connect;
	 * called in each handshake and by {@link #verifyClient}, so it should not block, and
	 * never for IDs under {@code /spire/}
	 * @return an instance for the same identity, with a policy of its own
	 * @see #authorizing(TrustDomain, Predicate)
	 */
	public SpireTls authorizing(Predicate<SpiffeId> authorized) {
		return new SpireTls(this.tls.with(PeerPolicies.of(authorized)));
	}

	/**
	 * Return an instance that authorizes workloads of a single trust domain, such as one
	 * that this application federates with. It refuses those of every other, including
	 * the own one unless that is the one given, and otherwise is like
	 * {@link #authorizing(Predicate)}.
	 * @param trustDomain the trust domain, whose workloads can connect only as long as
	 * the identity trusts it
	 * @param authorized tests whether a workload of that trust domain may connect
	 * @return an instance for the same identity, with a policy of its own
	 */
	public SpireTls authorizing(TrustDomain trustDomain, Predicate<SpiffeId> authorized) {
		return new SpireTls(this.tls.with(PeerPolicies.of(trustDomain, authorized)));
	}

	/**
	 * Return an instance with separate policies for the two directions, which may decide
	 * on several {@link PeerPolicy#trustDomains() trust domains}, and otherwise is like
	 * {@link #authorizing(Predicate)}.
	 * @param inbound decides who may call this application
	 * @param outbound decides whom this application may call
	 * @return an instance for the same identity, with policies of its own
	 */
	public SpireTls authorizing(PeerPolicy inbound, PeerPolicy outbound) {
		return new SpireTls(this.tls.with(new PeerPolicies(inbound, outbound)));
	}

	/**
	 * Return an instance whose servers may also serve clients without a certificate, if
	 * they are configured to do so. The application then decides about those clients.
	 * @return an instance for the same identity with the same policies
	 */
	public SpireTls withOptionalCertificates() {
		return new SpireTls(this.tls.withOptionalCertificates());
	}

	/**
	 * Return an instance whose connections last as long as their ends like. Otherwise,
	 * those that can be ended end when the cause of their authorization does.
	 * @return an instance for the same identity with the same policies
	 */
	public SpireTls keepingConnections() {
		return new SpireTls(this.tls.keepingConnections());
	}

	/**
	 * Return the context, whose engines and sockets each present the X.509-SVID that is
	 * current when they are created, and check the peer by what is trusted during the
	 * handshake.
	 * @return the context, always the same instance
	 */
	public SSLContext sslContext() {
		return this.tls.tls().context();
	}

	/**
	 * Return a factory of the key manager that follows the identity. Beside a trust
	 * manager for the certificates of a classic CA, it presents the X.509-SVID to servers
	 * with such a certificate.
	 * @return the factory, always the same instance
	 */
	public KeyManagerFactory keyManagerFactory() {
		return this.tls.tls().keyManagerFactory();
	}

	/**
	 * Return a factory of the trust manager that follows the identity and authorizes
	 * peers.
	 * @return the factory, always the same instance
	 */
	public TrustManagerFactory trustManagerFactory() {
		return this.tls.tls().trustManagerFactory();
	}

	/**
	 * Have the policies asked again about all open connections of this instance and of
	 * those that were made of it or share their origin with it. Call this when a policy
	 * would answer otherwise than before: connections to peers that it no longer
	 * authorizes end, unless their instance {@link #keepingConnections() keeps} them.
	 * Nothing else asks again once a handshake is over.
	 * <p>
	 * Returns at once. Each policy is asked on a thread of its own, once for each
	 * direction and SPIFFE ID. One that throws refuses that peer. One that takes more
	 * than 60 seconds for an answer authorizes nobody of those it has yet to decide on. A
	 * policy must not call this itself, or each of its answers asks for the next.
	 */
	public void reauthorize() {
		this.tls.reauthorize();
	}

	/**
	 * Verify the certificates of a client, as a handshake does: the current trust bundle
	 * of its trust domain has to vouch for them, and the policy to authorize the SPIFFE
	 * ID. Refusals are logged, but {@link #handshakes() counted} only in handshakes.
	 * @param chain the certificates, the leaf first; only TLS can prove that the client
	 * has the key, so they must come from the TLS session of its connection
	 * @return the SPIFFE ID of the client
	 * @throws CertificateException if the client may not connect
	 */
	public SpiffeId verifyClient(List<X509Certificate> chain) throws CertificateException {
		return this.tls.verifyClient(chain);
	}

	/**
	 * Return the peers that were seen, including those of instances that were made of
	 * this one.
	 */
	public SeenPeers peers() {
		return this.tls.peers();
	}

	/**
	 * Return how many peers were accepted and refused, including those of instances that
	 * were made of this one.
	 */
	public HandshakeCounts handshakes() {
		return this.tls.tls().counts();
	}

	/**
	 * Return how many connections are open and were ended, including those of instances
	 * that were made of this one.
	 */
	public ConnectionCounts connections() {
		return this.tls.tls().connections();
	}

}
