package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

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

	private final TlsIdentity identity;

	private final PeerReport report;

	private final OpenConnections connections;

	private final PeerPolicies policies;

	private final TlsOptions options;

	private final Clock clock;

	private final Variant variant;

	private final BundleTls tls;

	private final PeerTrustManager requests;

	private SvidTls(TlsIdentity identity, PeerPolicies policies, PeerReport report, OpenConnections connections,
			TlsOptions options, Clock clock, Variant variant) {
		this.identity = identity;
		this.policies = policies;
		this.report = report;
		this.connections = connections;
		this.options = options;
		this.clock = clock;
		this.variant = variant;
		this.tls = new BundleTls(identity, report, options,
				(presented) -> new SvidKeyManager(presented, report, options, clock, variant.certificatesOptional()),
				(presented, registrar, shared) -> new PeerTrustManager(presented, policies, report, clock, options,
						registrar, shared),
				new Registrar(connections, variant.endsConnections(), ConnectionEnd.NONE));
		// with a report of its own, since no request is a handshake
		this.requests = new PeerTrustManager(identity, policies, new PeerReport(clock), clock, options, null, false);
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
		PeerReport report = new PeerReport(clock);
		return new SvidTls(identity, policies, report, new OpenConnections(identity, report, clock, timing), options,
				clock, new Variant(true, false));
	}

	/**
	 * Return an instance for the same identity with other policies.
	 * @param policies the policies that decide who may connect
	 * @return an instance that shares counts and connections with this one
	 */
	public SvidTls with(PeerPolicies policies) {
		Objects.requireNonNull(policies, "'policies' must not be null");
		return with(policies, this.variant);
	}

	/**
	 * Return an instance for the same identity and policies whose servers may serve
	 * clients without a certificate.
	 * @return an instance that shares counts and connections with this one
	 */
	public SvidTls withOptionalCertificates() {
		return with(this.policies, new Variant(this.variant.endsConnections(), true));
	}

	/**
	 * Return an instance for the same identity and policies whose connections last as
	 * long as their ends like.
	 * @return an instance that shares counts and connections with this one
	 */
	public SvidTls keepingConnections() {
		return with(this.policies, new Variant(false, this.variant.certificatesOptional()));
	}

	private SvidTls with(PeerPolicies policies, Variant variant) {
		return new SvidTls(this.identity, policies, this.report, this.connections, this.options, this.clock, variant);
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
		this.connections.reauthorize();
	}

	/**
	 * Return the peers that this identity has seen, of all policies together.
	 * @return the peers, always as they are known now
	 */
	public SeenPeers peers() {
		return new PeerView(this.report.peers(), this.connections);
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
	 * What connections are like.
	 *
	 * @param endsConnections whether they end with the cause of their authorization
	 * @param certificatesOptional whether servers may serve clients without a certificate
	 */
	private record Variant(boolean endsConnections, boolean certificatesOptional) {

	}

}
