package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.HandshakeOutcome;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Accepts a peer if the current trust bundle of its trust domain vouches for it, and the
 * policy for its direction authorizes it, and lets its connection have no further
 * handshake. It extends {@link X509ExtendedTrustManager} so that the JDK does not check
 * the host name, which an X.509-SVID does not contain: the SPIFFE ID takes its place.
 */
final class PeerTrustManager extends X509ExtendedTrustManager {

	private static final X509Certificate[] NO_HINTS = {};

	private final TlsIdentity identity;

	private final PeerVerifier verifier;

	private final PeerPolicies policies;

	private final PeerReport report;

	private final Clock clock;

	private final TlsOptions options;

	private final @Nullable Registrar registrar;

	private final boolean once;

	/**
	 * Create a trust manager.
	 * @param identity provides the trust bundles
	 * @param policies decide who may connect
	 * @param report counts and logs every peer
	 * @param clock the clock
	 * @param options limit each connection
	 * @param registrar registers each connection, {@code null} if there are none but
	 * requests
	 * @param once whether the session of a client must end with its connection, since the
	 * context may outlive the decision
	 */
	PeerTrustManager(TlsIdentity identity, PeerPolicies policies, PeerReport report, Clock clock, TlsOptions options,
			@Nullable Registrar registrar, boolean once) {
		this.identity = identity;
		this.verifier = new PeerVerifier(identity, clock);
		this.registrar = registrar;
		this.policies = policies;
		this.report = report;
		this.clock = clock;
		this.options = options;
		this.once = once;
	}

	@Override
	public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String authType)
			throws CertificateException {
		check(Direction.INBOUND, chain, null, null);
	}

	@Override
	public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String authType,
			@Nullable Socket socket) throws CertificateException {
		SSLSession session = handshakeSession(socket);
		this.options.check(session);
		check(Direction.INBOUND, chain, socket, session);
		OneHandshake.of(socket);
		end(session);
	}

	@Override
	public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String authType,
			@Nullable SSLEngine engine) throws CertificateException {
		SSLSession session = handshakeSession(engine);
		this.options.check(session);
		check(Direction.INBOUND, chain, engine, session);
		OneHandshake.of(engine);
		end(session);
	}

	@Override
	public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String authType)
			throws CertificateException {
		check(Direction.OUTBOUND, chain, null, null);
	}

	@Override
	public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String authType,
			@Nullable Socket socket) throws CertificateException {
		SSLSession session = handshakeSession(socket);
		this.options.check(session);
		check(Direction.OUTBOUND, chain, socket, session);
		OneHandshake.of(socket);
	}

	@Override
	public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String authType,
			@Nullable SSLEngine engine) throws CertificateException {
		SSLSession session = handshakeSession(engine);
		this.options.check(session);
		check(Direction.OUTBOUND, chain, engine, session);
		OneHandshake.of(engine);
	}

	/**
	 * Return no authorities as a hint for clients: one whose authority is newer than this
	 * trust bundle would not send a certificate.
	 */
	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return NO_HINTS;
	}

	static @Nullable SSLSession handshakeSession(@Nullable Socket socket) {
		return (socket instanceof SSLSocket sslSocket) ? sslSocket.getHandshakeSession() : null;
	}

	static @Nullable SSLSession handshakeSession(@Nullable SSLEngine engine) {
		return (engine != null) ? engine.getHandshakeSession() : null;
	}

	private void end(@Nullable SSLSession session) {
		if (this.once && session != null) {
			session.invalidate();
		}
	}

	private void check(Direction direction, X509Certificate @Nullable [] chain, @Nullable Object connection,
			@Nullable SSLSession session) throws CertificateException {
		try {
			decide(direction, chain, connection, session);
		}
		catch (CertificateException ex) {
			throw ex;
		}
		// after an error, the JDK would wait for its task forever
		catch (Throwable ex) {
			throw new CertificateException("The peer could not be checked: " + ex.getClass().getName(), ex);
		}
	}

	private void decide(Direction direction, X509Certificate @Nullable [] chain, @Nullable Object connection,
			@Nullable SSLSession session) throws CertificateException {
		TlsSnapshot snapshot = this.identity.snapshot();
		KeyedSvid svid = snapshot.svid();
		if (svid == null || !OwnSvid.isUsable(svid, this.clock)) {
			throw new CertificateException(
					"There is no X.509-SVID to connect with: " + OwnSvid.absence(this.identity, svid));
		}
		X509Svid peer = read(direction, chain);
		long authorization = (this.registrar != null) ? this.registrar.connections().reauthorizations() : 0;
		OpenConnection.Handshake handshake = new OpenConnection.Handshake(direction, peer,
				verify(direction, peer, snapshot), this.policies, authorization, svid);
		authorize(handshake, peer.spiffeId(), Objects.requireNonNull(PeerVerifier.own(snapshot)));
		register(handshake, connection, session);
		this.report.accepted(handshake, reservation(direction, peer.spiffeId()));
	}

	private @Nullable String reservation(Direction direction, SpiffeId peer) {
		// whoever is verified again has been told of in the handshake
		return (this.registrar != null && this.policies.policy(direction) instanceof DryRunPolicy dryRun)
				? dryRun.reservation(peer) : null;
	}

	/**
	 * Register the connection, so that whatever ends its cause from now on ends it. What
	 * has changed before is found here.
	 */
	private void register(OpenConnection.Handshake handshake, @Nullable Object connection, @Nullable SSLSession session)
			throws CertificateException {
		if (this.registrar == null) {
			return;
		}
		Ending ending = this.registrar.register(handshake, connection, session);
		if (ending != null) {
			throw switch (ending.cause()) {
				case IDENTITY -> new CertificateException(ending.reason());
				case UNAUTHORIZED -> unauthorized(handshake, ending.reason(), null);
				case EXPIRED, UNTRUSTED ->
					refused(handshake.direction(), HandshakeOutcome.UNTRUSTED, ending.reason(), null);
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
		PolicyAnswer answer = PolicyAnswer.of(this.policies, handshake.direction(), peer, own);
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
