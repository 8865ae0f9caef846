package dev.psat.spire.tls.internal;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.HandshakeCounts;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Everything that TLS libraries need, for one identity.
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

	private final KeyManagerFactory keyManagerFactory;

	private final TrustManagerFactory trustManagerFactory;

	private final SSLContext context;

	private final PeerTrustManager requests;

	private SvidTls(TlsIdentity identity, PeerPolicies policies, PeerReport report, TlsOptions options, Clock clock,
			boolean certificatesOptional) {
		this.identity = identity;
		this.policies = policies;
		this.report = report;
		this.clock = clock;
		this.options = options;
		this.certificatesOptional = certificatesOptional;
		KeyManager keyManager = new SvidKeyManager(identity, report, options, certificatesOptional);
		TrustManager trustManager = new PeerTrustManager(identity, policies, report, clock, options, true);
		this.keyManagerFactory = FixedManagers.factory(keyManager);
		this.trustManagerFactory = FixedManagers.factory(trustManager);
		this.context = new SnapshotSslContext(context(keyManager, trustManager), this::freshContext, options);
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
	 * Return whether a context is that of a bundle, whatever its policy.
	 * @param context the context, {@code null} if there is none
	 * @return whether it is
	 */
	public static boolean isContext(@Nullable SSLContext context) {
		return context instanceof SnapshotSslContext;
	}

	/**
	 * Return the context, whose engines and sockets each present the X.509-SVID that is
	 * current when they are created, check the peer by the trust bundle that is current
	 * at that moment of the handshake, and refuse to renegotiate.
	 * @return the context, always the same instance
	 */
	public SSLContext context() {
		return this.context;
	}

	/**
	 * Return the limits of each connection.
	 * @return the options
	 */
	public TlsOptions options() {
		return this.options;
	}

	/**
	 * Return a factory of the key manager that follows the identity.
	 * @return the factory, always the same instance
	 */
	public KeyManagerFactory keyManagerFactory() {
		return this.keyManagerFactory;
	}

	/**
	 * Return a factory of the trust manager that follows the identity.
	 * @return the factory, always the same instance
	 */
	public TrustManagerFactory trustManagerFactory() {
		return this.trustManagerFactory;
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
	 * Return whether there is no X.509-SVID.
	 * @return whether there is none
	 */
	public boolean isEmpty() {
		return this.identity.snapshot().svid() == null;
	}

	/**
	 * Return how many peers were accepted and refused.
	 * @return the counts, of all policies of this identity together
	 */
	public HandshakeCounts counts() {
		return this.report;
	}

	private SSLContext freshContext() {
		TlsIdentity begun = new BegunIdentity(this.identity.snapshot().svid(), this.identity);
		return context(new SvidKeyManager(begun, this.report, this.options, this.certificatesOptional),
				new PeerTrustManager(begun, this.policies, this.report, this.clock, this.options, false));
	}

	private static SSLContext context(KeyManager keyManager, TrustManager trustManager) {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(new KeyManager[] { keyManager }, new TrustManager[] { trustManager }, null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has TLS", ex);
		}
	}

	/**
	 * The identity of a connection, which keeps the X.509-SVID with which it has begun.
	 * The trust bundle is always the current one, since a handshake may last until long
	 * after an authority was revoked.
	 *
	 * @param svid the X.509-SVID, {@code null} if there was none
	 * @param identity the identity
	 */
	private record BegunIdentity(@Nullable KeyedSvid svid, TlsIdentity identity) implements TlsIdentity {

		@Override
		public TlsSnapshot snapshot() {
			return new TlsSnapshot(this.svid, this.identity.snapshot().trustBundle());
		}

		@Override
		public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
			return this.identity.bundle(trustDomain);
		}

		@Override
		public String absence() {
			return this.identity.absence();
		}

	}

}
