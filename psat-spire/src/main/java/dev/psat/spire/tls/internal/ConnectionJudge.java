package dev.psat.spire.tls.internal;

import java.security.cert.CertificateException;
import java.time.Clock;

import dev.psat.spiffe.X509Svid;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an open connection may go on, by what is known at this moment and
 * without calling a policy: one that has changed its mind says so by
 * {@link OpenConnection#answered}.
 */
final class ConnectionJudge {

	private final TlsIdentity identity;

	private final PeerVerifier verifier;

	private final Clock clock;

	ConnectionJudge(TlsIdentity identity, Clock clock) {
		this.identity = identity;
		this.verifier = new PeerVerifier(identity, clock);
		this.clock = clock;
	}

	/**
	 * Decide on a connection.
	 * @param connection the connection
	 * @return why it has to end, {@code null} if it may go on
	 */
	@Nullable Ending judge(OpenConnection connection) {
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

}
