package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.TlsIdentity;

/**
 * TLS that authorizes peers by their SPIFFE ID, for servers and clients.
 *
 * @since 0.1.0
 */
public final class SvidTls {

	private final TlsIdentity identity;

	private final PeerReport report;

	private final PeerPolicies policies;

	private final TlsOptions options;

	private final Clock clock;

	private final boolean certificatesOptional;

	private final BundleTls tls;

	private final PeerTrustManager requests;

	private SvidTls(TlsIdentity identity, PeerPolicies policies, PeerReport report, TlsOptions options, Clock clock,
			boolean certificatesOptional) {
		this.identity = identity;
		this.policies = policies;
		this.report = report;
		this.clock = clock;
		this.options = options;
		this.certificatesOptional = certificatesOptional;
		this.tls = new BundleTls(identity, report, options,
				(presented) -> new SvidKeyManager(presented, report, options, certificatesOptional),
				(presented, shared) -> new PeerTrustManager(presented, policies, report, clock, options, shared));
		// with a report of its own, since no request is a handshake
		this.requests = new PeerTrustManager(identity, policies, new PeerReport(clock), clock, options, false);
	}

	/**
	 * Create an instance for an identity.
	 * @param identity the identity
	 * @param policies the policies that decide who may connect
	 * @param options limit each connection
	 * @param clock the clock
	 * @return a new instance
	 */
	public static SvidTls of(TlsIdentity identity, PeerPolicies policies, TlsOptions options, Clock clock) {
		Objects.requireNonNull(identity, "'identity' must not be null");
		Objects.requireNonNull(policies, "'policies' must not be null");
		Objects.requireNonNull(options, "'options' must not be null");
		Objects.requireNonNull(clock, "'clock' must not be null");
		return new SvidTls(identity, policies, new PeerReport(clock), options, clock, false);
	}

	/**
	 * Return an instance for the same identity with other policies.
	 * @param policies the policies that decide who may connect
	 * @return an instance that shares the counts of this one
	 */
	public SvidTls with(PeerPolicies policies) {
		Objects.requireNonNull(policies, "'policies' must not be null");
		return new SvidTls(this.identity, policies, this.report, this.options, this.clock, this.certificatesOptional);
	}

	/**
	 * Return an instance for the same identity and policies whose servers may serve
	 * clients without a certificate.
	 * @return an instance that shares the counts of this one
	 */
	public SvidTls withOptionalCertificates() {
		return new SvidTls(this.identity, this.policies, this.report, this.options, this.clock, true);
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

}
