package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.KeyedSvid;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an open connection may go on, should be replaced, or has to end, by
 * what is known now and without calling a policy: one that has changed its mind says so
 * by {@link OpenConnection#answered}.
 */
final class ConnectionJudge {

	static final Verdict OVER = new Verdict(EndCause.IDENTITY,
			"There is no X.509-SVID to be connected with: The application has been stopped");

	/** The share of its life at whose end an X.509-SVID should have been replaced. */
	private static final int LAST_SHARE = 6;

	private static final Duration BEFORE_THE_END = Duration.ofSeconds(30);

	/** How long a connection is used that has begun when there was nothing newer yet. */
	private static final Duration LEAST_AGE = Duration.ofSeconds(10);

	private final TlsIdentity identity;

	private final PeerVerifier verifier;

	private final Clock clock;

	private volatile boolean closed;

	ConnectionJudge(TlsIdentity identity, Clock clock) {
		this.identity = identity;
		this.verifier = new PeerVerifier(identity, clock);
		this.clock = clock;
	}

	void close() {
		this.closed = true;
	}

	boolean isClosed() {
		return this.closed;
	}

	@Nullable Verdict judge(OpenConnection connection) {
		if (this.closed) {
			return OVER;
		}
		TlsSnapshot snapshot = this.identity.snapshot();
		if (!OwnSvid.isUsable(snapshot.svid(), this.clock)) {
			return new Verdict(EndCause.IDENTITY,
					"There is no X.509-SVID to be connected with: " + OwnSvid.absence(this.identity, snapshot.svid()));
		}
		X509Svid peer = connection.peer();
		if (peer == null) {
			return null;
		}
		String refusal = connection.refusal();
		if (refusal != null) {
			return new Verdict(EndCause.UNAUTHORIZED, "The peer %s %s".formatted(peer.spiffeId(), refusal));
		}
		return judge(connection, peer, snapshot);
	}

	private @Nullable Verdict judge(OpenConnection connection, X509Svid peer, TlsSnapshot snapshot) {
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
			return new Verdict(cause, String.valueOf(ex.getMessage()));
		}
	}

	Instant lastMoment(OpenConnection connection) {
		KeyedSvid svid = this.identity.snapshot().svid();
		Instant own = (svid != null) ? OwnSvid.lastMoment(svid, connection.peer()) : Instant.MAX;
		PeerVerifier.Vouching vouching = connection.vouching();
		Instant peers = (vouching != null) ? vouching.path().validUntil() : Instant.MAX;
		return own.isBefore(peers) ? own : peers;
	}

	/**
	 * Return when a connection should be replaced before its cause ends, so that no call
	 * is lost: the peer, or this application, has or soon should have another X.509-SVID.
	 */
	Instant retirement(OpenConnection connection) {
		X509Svid peer = connection.peer();
		PeerVerifier.Vouching vouching = connection.vouching();
		if (!connection.canEnd() || peer == null || vouching == null) {
			return Instant.MAX;
		}
		if (connection.direction() == Direction.OUTBOUND
				&& !isSame(connection.presented(), this.identity.snapshot().svid())) {
			return Instant.MIN;
		}
		Instant late = late(peer, vouching);
		Instant due = vouching.path().authority().tainted() ? Instant.MIN : late;
		boolean begunBefore = !connection.hasBegunTainted() && connection.begun().isBefore(late);
		Instant least = begunBefore ? Instant.MIN : connection.begun().plus(LEAST_AGE);
		return due.isBefore(least) ? least : due;
	}

	private static boolean isSame(KeyedSvid presented, @Nullable KeyedSvid own) {
		return presented == own || (own != null && presented.svid().leaf().equals(own.svid().leaf()));
	}

	private static Instant late(X509Svid peer, PeerVerifier.Vouching vouching) {
		Instant issued = peer.leaf().getNotBefore().toInstant();
		Instant lastShare = peer.expiresAt().minus(Duration.between(issued, peer.expiresAt()).dividedBy(LAST_SHARE));
		Instant end = vouching.path().validUntil().minus(BEFORE_THE_END);
		return lastShare.isBefore(end) ? lastShare : end;
	}

	boolean isDue(OpenConnection connection) {
		return !this.clock.instant().isBefore(retirement(connection));
	}

	/** Why a connection has to end. The reason is a sentence without a full stop. */
	record Verdict(EndCause cause, String reason) {

	}

}
