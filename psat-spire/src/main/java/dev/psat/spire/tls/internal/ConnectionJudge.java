package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Instant;

import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an open connection may go on, should be replaced, or has to end, by
 * what is known at this moment and without calling a policy: one that has changed its
 * mind says so by {@link OpenConnection#answered}.
 */
final class ConnectionJudge {

	static final Ending OVER = new Ending(EndCause.IDENTITY,
			"There is no X.509-SVID to be connected with: The application has been stopped");

	private final TlsIdentity identity;

	private final PeerVerifier verifier;

	private final Clock clock;

	private volatile boolean closed;

	ConnectionJudge(TlsIdentity identity, Clock clock) {
		this.identity = identity;
		this.verifier = new PeerVerifier(identity, clock);
		this.clock = clock;
	}

	/**
	 * Let no connection go on from now on.
	 */
	void close() {
		this.closed = true;
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Return why a connection has to end, {@code null} if it may go on.
	 */
	@Nullable Ending judge(OpenConnection connection) {
		if (this.closed) {
			return OVER;
		}
		TlsSnapshot snapshot = this.identity.snapshot();
		if (!OwnSvid.isUsable(snapshot.svid(), this.clock)) {
			return new Ending(EndCause.IDENTITY,
					"There is no X.509-SVID to be connected with: " + OwnSvid.absence(this.identity, snapshot.svid()));
		}
		X509Svid peer = connection.peer();
		if (peer == null) {
			return null;
		}
		String refusal = connection.refusal();
		if (refusal != null) {
			return new Ending(EndCause.UNAUTHORIZED, "The peer %s %s".formatted(peer.spiffeId(), refusal));
		}
		return judge(connection, peer, snapshot);
	}

	private @Nullable Ending judge(OpenConnection connection, X509Svid peer, TlsSnapshot snapshot) {
		PeerVerifier.Vouching before = connection.vouching();
		if (before == null) {
			return null;
		}
		try {
			connection.vouchedForBy(this.verifier.verify(peer, snapshot, before));
			return null;
		}
		catch (CertificateException ex) {
			EndCause cause = before.isOver(this.clock.instant()) ? EndCause.EXPIRED : EndCause.UNTRUSTED;
			return new Ending(cause, String.valueOf(ex.getMessage()));
		}
	}

	/**
	 * Return when time ends the cause of a connection, if nothing else does before.
	 */
	Instant lastMoment(OpenConnection connection) {
		KeyedSvid svid = this.identity.snapshot().svid();
		Instant own = (svid != null) ? OwnSvid.lastMoment(svid, connection.peer()) : Instant.MAX;
		PeerVerifier.Vouching vouching = connection.vouching();
		Instant peers = (vouching != null) ? vouching.path().validUntil() : Instant.MAX;
		return own.isBefore(peers) ? own : peers;
	}

	/**
	 * Return when a connection should be replaced.
	 */
	Instant retirement(OpenConnection connection) {
		return connection.canEnd() ? Retirement.due(connection, this.identity.snapshot().svid()) : Instant.MAX;
	}

	boolean isDue(OpenConnection connection) {
		return !this.clock.instant().isBefore(retirement(connection));
	}

}
