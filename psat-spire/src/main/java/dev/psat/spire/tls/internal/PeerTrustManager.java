package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.SSLSession;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Accepts a peer if the current trust bundle of its trust domain vouches for it, and the
 * policy for its direction authorizes it, and lets its connection have no further
 * handshake. The SPIFFE ID takes the place of a host name, which an X.509-SVID does not
 * contain.
 */
final class PeerTrustManager extends SvidTrustManager {

	private static final X509Certificate[] NO_HINTS = {};

	private final PeerVerifier verifier;

	private final PeerPolicies policies;

	private final PeerReport report;

	/** None for requests, whose connection has been registered. */
	private final OpenConnections.@Nullable Registrar registrar;

	/**
	 * Whether a session has to end with its connection, since the context outlives it.
	 */
	private final boolean once;

	PeerTrustManager(TlsIdentity identity, PeerPolicies policies, PeerReport report, Clock clock, TlsOptions options,
			OpenConnections.@Nullable Registrar registrar, boolean once) {
		super(identity, options, clock);
		this.verifier = new PeerVerifier(identity, clock);
		this.registrar = registrar;
		this.policies = policies;
		this.report = report;
		this.once = once;
	}

	/**
	 * Give clients no hint: one whose authority is newer than this trust bundle would not
	 * send a certificate.
	 */
	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return NO_HINTS;
	}

	@Override
	void decide(Direction direction, X509Certificate @Nullable [] chain, @Nullable String authType,
			EngineOrSocket connection, TlsSnapshot snapshot, KeyedSvid presented) throws CertificateException {
		X509Svid peer = read(direction, chain);
		long authorization = (this.registrar != null) ? this.registrar.connections().reauthorization().requested() : 0;
		OpenConnection.Handshake handshake = new OpenConnection.Handshake(direction, peer,
				verify(direction, peer, snapshot), this.policies, authorization, presented);
		authorize(handshake, peer.spiffeId(), Objects.requireNonNull(PeerVerifier.own(snapshot)));
		SSLSession session = connection.session();
		register(handshake, connection.get(), session);
		this.report.accepted(handshake, reservation(direction, peer.spiffeId()));
		connection.permitNoOtherHandshake();
		if (this.once && direction == Direction.INBOUND && session != null) {
			session.invalidate();
		}
	}

	private @Nullable String reservation(Direction direction, SpiffeId peer) {
		// whoever is verified again has been told of in the handshake
		return (this.registrar != null && this.policies.policy(direction) instanceof DryRunPolicy dryRun)
				? dryRun.reservation(peer) : null;
	}

	// whatever ends its cause from now on ends it, and what has changed before is found
	// here
	private void register(OpenConnection.Handshake handshake, @Nullable Object connection, @Nullable SSLSession session)
			throws CertificateException {
		if (this.registrar == null) {
			return;
		}
		ConnectionJudge.Verdict verdict = this.registrar.register(handshake, connection, session);
		if (verdict != null) {
			throw switch (verdict.cause()) {
				case IDENTITY -> new CertificateException(verdict.reason());
				case UNAUTHORIZED -> unauthorized(handshake, verdict.reason(), null);
				case EXPIRED, UNTRUSTED ->
					refused(handshake.direction(), HandshakeOutcome.UNTRUSTED, verdict.reason(), null);
			};
		}
	}

	private X509Svid read(Direction direction, X509Certificate @Nullable [] chain) throws CertificateException {
		try {
			return X509Svid.of((chain != null) ? List.of(chain) : List.of(), null);
		}
		catch (IllegalArgumentException ex) {
			throw refused(direction, HandshakeOutcome.MALFORMED, String.valueOf(ex.getMessage()), ex);
		}
	}

	private PeerVerifier.Vouching verify(Direction direction, X509Svid peer, TlsSnapshot snapshot)
			throws CertificateException {
		try {
			return this.verifier.verify(peer, snapshot, null);
		}
		catch (CertificateException ex) {
			throw refused(direction, HandshakeOutcome.UNTRUSTED, String.valueOf(ex.getMessage()), ex);
		}
	}

	private void authorize(OpenConnection.Handshake handshake, SpiffeId peer, TrustDomain own)
			throws CertificateException {
		PeerPolicies.Answer answer = this.policies.ask(handshake.direction(), peer, own);
		if (answer.refusal() != null) {
			throw unauthorized(handshake, "The peer %s %s".formatted(peer, answer.refusal()), answer.failure());
		}
	}

	private CertificateException unauthorized(OpenConnection.Handshake handshake, String problem,
			@Nullable Throwable cause) {
		this.report.unauthorized(handshake, problem);
		return new CertificateException(problem, cause);
	}

	private CertificateException refused(Direction direction, HandshakeOutcome outcome, String problem,
			@Nullable Throwable cause) {
		this.report.refused(direction, outcome, problem);
		return new CertificateException(problem, cause);
	}

}
