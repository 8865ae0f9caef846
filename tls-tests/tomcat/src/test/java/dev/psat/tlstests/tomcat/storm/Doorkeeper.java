package dev.psat.tlstests.tomcat.storm;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.support.soak.Violations;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each peer with which a member talks, by what the JDK says of its certificate:
 * whether it is a guest, whether an authority vouches for it that the member trusts at
 * this moment, and whether both have an SVID that is still in force. All of that may
 * change while a peer is connected, and then its connection has to end.
 */
final class Doorkeeper {

	/** By how much an SVID may have expired. */
	private static final Duration LEEWAY = Duration.ofSeconds(120);

	private static final int URI = 6;

	private final SpiffeId member;

	private final SpireIdentity identity;

	private final Guests guests;

	private final Violations violations;

	/** Since when there was a peer that should have been gone by then. */
	private final Map<String, Overdue> overdue = new ConcurrentHashMap<>();

	/**
	 * Create a doorkeeper.
	 * @param member the SPIFFE ID of the member
	 * @param identity its identity
	 * @param guests whom it authorizes
	 * @param violations is told of what must not happen
	 */
	Doorkeeper(SpiffeId member, SpireIdentity identity, Guests guests, Violations violations) {
		this.member = member;
		this.identity = identity;
		this.guests = guests;
		this.violations = violations;
	}

	/**
	 * Look at a client that is about to be served.
	 * @param chain its certificates, {@code null} if it has presented none
	 */
	void receive(X509Certificate @Nullable [] chain) {
		if (chain == null) {
			this.violations.add("A client without a certificate was served by %s".formatted(this.member));
		}
		else {
			meet("client", chain[0]);
		}
	}

	/**
	 * Look at a server that was called.
	 * @param leaf its certificate
	 */
	void believe(X509Certificate leaf) {
		meet("server", leaf);
	}

	private void meet(String role, X509Certificate leaf) {
		SpiffeId peer = SpiffeId.parse(uri(leaf));
		String meeting = "%s met the %s %s with the SVID %s".formatted(this.member, role, peer,
				leaf.getSerialNumber().toString(16));
		if (this.guests.keptOutSince(peer) != null) {
			this.violations.add(meeting + ", which is no guest");
		}
		if (isOver(leaf.getNotAfter().toInstant().plus(this.guests.grace()))) {
			this.violations.add(meeting + ", which expired at " + leaf.getNotAfter().toInstant());
		}
		if (lasts(meeting, !isVouchedFor(peer, leaf))) {
			this.violations.add(meeting + ", for which no authority vouches, in the status " + this.identity.status());
		}
		if (lasts("own", isWithoutSvid())) {
			this.violations.add(meeting + " without an SVID of its own");
		}
	}

	private static String uri(X509Certificate leaf) {
		try {
			return leaf.getSubjectAlternativeNames()
				.stream()
				.filter((name) -> name.get(0).equals(URI))
				.map((name) -> (String) name.get(1))
				.findFirst()
				.orElseThrow();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private boolean isOver(Instant expiry) {
		return Instant.now().isAfter(expiry.plus(LEEWAY));
	}

	private boolean isWithoutSvid() {
		SpireStatus.Svid svid = this.identity.status().svid();
		return svid == null || isOver(svid.expiresAt());
	}

	private boolean isVouchedFor(SpiffeId peer, X509Certificate leaf) {
		return authorities(peer).stream().anyMatch((authority) -> {
			try {
				leaf.verify(authority);
				return true;
			}
			catch (GeneralSecurityException ex) {
				return false;
			}
		});
	}

	private List<PublicKey> authorities(SpiffeId peer) {
		try {
			return this.identity.trustBundle(peer.trustDomain())
				.x509Authorities()
				.stream()
				.map((authority) -> authority.certificate().getPublicKey())
				.toList();
		}
		catch (SvidUnavailableException ex) {
			return List.of();
		}
	}

	/**
	 * Return whether something has lasted for longer than it takes to end a connection.
	 */
	private boolean lasts(String what, boolean holds) {
		if (!holds) {
			this.overdue.remove(what);
			return false;
		}
		long now = System.nanoTime();
		long grace = this.guests.grace().toNanos();
		// what was not seen for a while may have been well meanwhile
		Overdue overdue = this.overdue.merge(what, new Overdue(now, now),
				(before, seen) -> (now - before.seen > grace) ? seen : new Overdue(before.since, now));
		return now - overdue.since > grace;
	}

	/**
	 * Forget what began in an earlier storm.
	 */
	void forget() {
		this.overdue.clear();
	}

	private record Overdue(long since, long seen) {

	}

}
