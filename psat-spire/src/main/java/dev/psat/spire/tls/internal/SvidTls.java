package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.SeenPeers;
import dev.psat.spire.tls.TlsIdentity;

/**
 * TLS that authorizes peers by their SPIFFE ID, for servers and clients.
 *
 * @since 0.1.0
 */
public final class SvidTls {

	private final TlsVariant variant;

	private final PeerPolicies policies;

	private final BundleTls tls;

	private final PeerTrustManager requests;

	private SvidTls(TlsVariant variant, PeerPolicies policies) {
		TlsVariant.Origin origin = variant.origin();
		this.variant = variant;
		this.policies = policies;
		this.tls = new BundleTls(variant);
		// with a report of its own, since no request is a handshake
		this.requests = new PeerTrustManager(origin.identity(), policies, new PeerReport(origin.clock()),
				origin.clock(), origin.options(), null, false);
	}

	/**
	 * Create an instance for an identity.
	 * @param identity the identity
	 * @param policies the policies that decide who may connect
	 * @param options limit each connection
	 * @param clock the clock
	 * @return a new instance, whose connections end with the cause of their authorization
	 */
	public static SvidTls of(TlsIdentity identity, PeerPolicies policies, TlsOptions options, Clock clock) {
		Objects.requireNonNull(identity, "'identity' must not be null");
		Objects.requireNonNull(policies, "'policies' must not be null");
		Objects.requireNonNull(options, "'options' must not be null");
		Objects.requireNonNull(clock, "'clock' must not be null");
		return of(identity, policies, options, clock, OpenConnections.Timing.USUAL);
	}

	static SvidTls of(TlsIdentity identity, PeerPolicies policies, TlsOptions options, Clock clock,
			OpenConnections.Timing timing) {
		TlsVariant.Origin origin = TlsVariant.Origin.of(identity, options, clock, timing);
		return new SvidTls(TlsVariant.of(origin, new SvidManagers(policies)), policies);
	}

	/**
	 * Return an instance for the same identity with other policies.
	 * @param policies the policies that decide who may connect
	 * @return an instance that shares counts and connections with this one
	 */
	public SvidTls with(PeerPolicies policies) {
		Objects.requireNonNull(policies, "'policies' must not be null");
		return new SvidTls(this.variant.with(new SvidManagers(policies)), policies);
	}

	/**
	 * Return an instance for the same identity and policies whose servers may serve
	 * clients without a certificate.
	 * @return an instance that shares counts and connections with this one
	 */
	public SvidTls withOptionalCertificates() {
		return new SvidTls(this.variant.withOptionalCertificates(), this.policies);
	}

	/**
	 * Return an instance for the same identity and policies whose connections last as
	 * long as their ends like.
	 * @return an instance that shares counts and connections with this one
	 */
	public SvidTls keepingConnections() {
		return new SvidTls(this.variant.keepingConnections(), this.policies);
	}

	/**
	 * Return what TLS libraries need. Its counts are those of all policies of this
	 * identity together, and its connections refuse to renegotiate.
	 * @return managers and context, always the same instance
	 */
	public BundleTls tls() {
		return this.tls;
	}

	/**
	 * Have all policies of this identity asked again about its open connections. Does not
	 * wait for the answers.
	 */
	public void reauthorize() {
		this.variant.origin().connections().reauthorization().request();
	}

	/**
	 * Return the peers that this identity has seen, of all policies together.
	 * @return the peers, always as they are known now
	 */
	public SeenPeers peers() {
		return this.variant.origin().report().peers().with(this.variant.origin().connections());
	}

	/**
	 * Verify the certificates of a client that is already connected, as a handshake does,
	 * but without counting it.
	 * @param chain the certificates, the leaf first
	 * @return the SPIFFE ID of the client
	 * @throws CertificateException if the client may not connect
	 */
	public SpiffeId verifyClient(List<X509Certificate> chain) throws CertificateException {
		Objects.requireNonNull(chain, "'chain' must not be null");
		SpiffeId client = read(chain).spiffeId();
		this.requests.checkClientTrusted(chain.toArray(X509Certificate[]::new), null);
		return client;
	}

	/**
	 * Read the certificates here, so that the clients of another CA, who are served by
	 * another connector, do not fill the log.
	 */
	private static X509Svid read(List<X509Certificate> chain) throws CertificateException {
		try {
			return X509Svid.of(chain, null);
		}
		catch (IllegalArgumentException ex) {
			throw new CertificateException(ex.getMessage(), ex);
		}
	}

	/**
	 * Makes managers that authorize peers by policies.
	 */
	private record SvidManagers(PeerPolicies policies) implements TlsVariant.Managers {

		@Override
		public KeyManager keyManager(TlsVariant variant, TlsIdentity presented) {
			TlsVariant.Origin origin = variant.origin();
			return new SvidKeyManager(presented, origin.report(), origin.options(), origin.clock(),
					variant.certificatesOptional());
		}

		@Override
		public TrustManager trustManager(TlsVariant variant, TlsIdentity presented, Registrar registrar,
				boolean shared) {
			TlsVariant.Origin origin = variant.origin();
			return new PeerTrustManager(presented, this.policies, origin.report(), origin.clock(), origin.options(),
					registrar, shared);
		}

	}

}
