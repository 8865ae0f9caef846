package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.SeenPeers;
import dev.psat.spire.tls.TlsIdentity;

/**
 * TLS that authorizes peers by their SPIFFE ID, for servers and clients. Instances that
 * are made of one share its counts and connections.
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
		this.requests = new PeerTrustManager(origin.identity(), policies, new PeerReport(origin.time()), origin.clock(),
				origin.options(), null, false);
	}

	public static SvidTls of(TlsIdentity identity, PeerPolicies policies, TlsOptions options) {
		return of(identity, policies, options, Time.ofSystem());
	}

	public static SvidTls of(TlsIdentity identity, PeerPolicies policies, TlsOptions options, Time time) {
		Objects.requireNonNull(identity, "'identity' must not be null");
		Objects.requireNonNull(policies, "'policies' must not be null");
		Objects.requireNonNull(options, "'options' must not be null");
		Objects.requireNonNull(time, "'time' must not be null");
		return of(identity, policies, options, time, OpenConnections.Timing.USUAL);
	}

	static SvidTls of(TlsIdentity identity, PeerPolicies policies, TlsOptions options, Time time,
			OpenConnections.Timing timing) {
		TlsVariant.Origin origin = TlsVariant.Origin.of(identity, options, time, timing);
		return new SvidTls(TlsVariant.of(origin, new SvidManagers(policies)), policies);
	}

	public SvidTls with(PeerPolicies policies) {
		Objects.requireNonNull(policies, "'policies' must not be null");
		return new SvidTls(this.variant.with(new SvidManagers(policies)), policies);
	}

	public SvidTls withOptionalCertificates() {
		return new SvidTls(this.variant.withOptionalCertificates(), this.policies);
	}

	public SvidTls keepingConnections() {
		return new SvidTls(this.variant.keepingConnections(), this.policies);
	}

	public BundleTls tls() {
		return this.tls;
	}

	public void reauthorize() {
		this.variant.origin().connections().reauthorization().request();
	}

	public SeenPeers peers() {
		return this.variant.origin().report().peers().with(this.variant.origin().connections());
	}

	public SpiffeId verifyClient(List<X509Certificate> chain) throws CertificateException {
		Objects.requireNonNull(chain, "'chain' must not be null");
		SpiffeId client = read(chain).spiffeId();
		this.requests.checkClientTrusted(chain.toArray(X509Certificate[]::new), null);
		return client;
	}

	// here, so that clients of another CA, whom another connector serves, do not fill the
	// log
	private static X509Svid read(List<X509Certificate> chain) throws CertificateException {
		try {
			return X509Svid.of(chain, null);
		}
		catch (IllegalArgumentException ex) {
			throw new CertificateException(ex.getMessage(), ex);
		}
	}

	private record SvidManagers(PeerPolicies policies) implements TlsVariant.Managers {

		@Override
		public KeyManager keyManager(TlsVariant variant, TlsIdentity presented) {
			TlsVariant.Origin origin = variant.origin();
			return new SvidKeyManager(presented, origin.report(), origin.options(), origin.clock(),
					variant.certificatesOptional());
		}

		@Override
		public TrustManager trustManager(TlsVariant variant, TlsIdentity presented, OpenConnections.Registrar registrar,
				boolean shared) {
			TlsVariant.Origin origin = variant.origin();
			return new PeerTrustManager(presented, this.policies, origin.report(), origin.clock(), origin.options(),
					registrar, shared);
		}

	}

}
