package dev.psat.spire.server;

import java.security.KeyPair;

import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.IdentityLog;
import dev.psat.spire.internal.Renewal;
import org.jspecify.annotations.Nullable;

/** Keeps the X.509-SVID with its entry, and knows when the next one is due. */
final class SvidKeeper {

	private static final IdentityLog logger = new IdentityLog();

	private final KeyType keyType;

	private final Time time;

	private @Nullable HeldSvid held;

	private volatile @Nullable AuthorizedEntry entry;

	SvidKeeper(KeyType keyType, Time time) {
		this.keyType = keyType;
		this.time = time;
	}

	@Nullable HeldSvid held() {
		return this.held;
	}

	@Nullable AuthorizedEntry entry() {
		return this.entry;
	}

	static HeldSvid.Subject subject(AuthorizedEntry entry) {
		return new HeldSvid.Subject(entry.spiffeId(), entry.id() + " " + entry.revisionNumber(),
				entry.jwtSvidIncludesJti());
	}

	/**
	 * Regardless of its entry: about half of its lifetime has passed, or no untainted
	 * authority vouches for it.
	 */
	boolean isDue(TrustBundle bundle) {
		HeldSvid held = this.held;
		return held == null || held.renewal().isDue(this.time)
				|| !held.svid().chainsToUntainted(bundle, this.time.now());
	}

	boolean isDue(AuthorizedEntry entry) {
		AuthorizedEntry inForce = this.entry;
		return inForce == null || !inForce.id().equals(entry.id())
				|| inForce.revisionNumber() != entry.revisionNumber();
	}

	HeldSvid obtain(Agent agent, AuthorizedEntry entry) {
		KeyPair key = this.keyType.generate();
		X509Svid svid = agent.connection().newX509Svid(entry, key);
		return new HeldSvid(svid, key.getPrivate(), subject(entry),
				(this.held != null) ? this.held.generation() + 1 : 1, Renewal.of(svid, 0.45, 0.55, this.time));
	}

	/**
	 * It is published at once, since JWT-SVIDs are requested by this entry and used for
	 * the subject that is published.
	 */
	void hold(HeldSvid held, AuthorizedEntry entry) {
		this.held = held;
		this.entry = entry;
	}

	static void tell(HeldSvid held, boolean renewal, Agent agent) {
		X509Svid svid = held.svid();
		logger.tell(!renewal, "X.509-SVID {} of generation {} (serial number {}, expires at {}) obtained from {} as {}",
				svid.spiffeId(), held.generation(), svid.serialNumber(), svid.expiresAt(), agent.server(),
				agent.svid().spiffeId());
	}

}
