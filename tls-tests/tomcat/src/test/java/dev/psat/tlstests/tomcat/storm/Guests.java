package dev.psat.tlstests.tomcat.storm;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.autoconfigure.AuthorizesPeers;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.PeerPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The policy of a member, which may change its mind, break, or hang.
 */
@AuthorizesPeers({ Direction.INBOUND, Direction.OUTBOUND })
final class Guests implements PeerPolicy {

	/** For so long an answer is waited for that is about an open connection. */
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final Duration LONGEST_HANG = PATIENCE.plusSeconds(10);

	private final List<SpiffeId> guests;

	private final Set<TrustDomain> trustDomains;

	private final Duration grace;

	/** Since when those who are no longer guests have to stay away. */
	private final Map<SpiffeId, Long> unwelcome = new ConcurrentHashMap<>();

	private volatile boolean broken;

	private final AtomicInteger failures = new AtomicInteger();

	private volatile CountDownLatch hang = new CountDownLatch(0);

	private volatile @Nullable Long hangs;

	/**
	 * Create a policy.
	 * @param guests who may connect
	 * @param trustDomains the trust domains of others on which it decides
	 * @param grace how long it may take to end a connection
	 */
	Guests(List<SpiffeId> guests, Set<TrustDomain> trustDomains, Duration grace) {
		this.guests = List.copyOf(guests);
		this.trustDomains = Set.copyOf(trustDomains);
		this.grace = grace;
	}

	@Override
	public @Nullable String refusal(SpiffeId peer) {
		await();
		if (this.broken) {
			if (this.failures.incrementAndGet() % 2 == 0) {
				throw new AssertionError("The policy is broken");
			}
			throw new IllegalStateException("The policy is broken");
		}
		return (this.guests.contains(peer) && !this.unwelcome.containsKey(peer)) ? null : "is no guest";
	}

	private void await() {
		try {
			if (!this.hang.await(LONGEST_HANG.toSeconds(), TimeUnit.SECONDS)) {
				throw new IllegalStateException("The policy hung");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public Set<TrustDomain> trustDomains() {
		return this.trustDomains;
	}

	/**
	 * Return how long it may take to end a connection.
	 */
	Duration grace() {
		return this.grace;
	}

	/**
	 * Return all who are guests as long as nothing is wrong.
	 */
	List<SpiffeId> all() {
		return this.guests;
	}

	/**
	 * Refuse some guests from now on.
	 * @param peers the guests
	 */
	void refuse(List<SpiffeId> peers) {
		long now = System.nanoTime();
		peers.forEach((peer) -> this.unwelcome.putIfAbsent(peer, now));
	}

	/**
	 * Answer nobody, and so refuse everybody.
	 */
	void breakDown() {
		this.broken = true;
		refuse(this.guests);
	}

	/**
	 * Give no answer for the time being.
	 */
	void hang() {
		this.hangs = System.nanoTime() + PATIENCE.toNanos();
		this.hang = new CountDownLatch(1);
	}

	/**
	 * Welcome all guests again.
	 */
	void recover() {
		this.broken = false;
		this.unwelcome.clear();
		this.hangs = null;
		this.hang.countDown();
	}

	/**
	 * Return since when a peer must not be connected any more.
	 * @param peer the peer
	 * @return a reading of the clock that differs from that of any other such time,
	 * {@code null} if the peer may be connected, or it takes a while to end a connection
	 */
	@Nullable Long keptOutSince(SpiffeId peer) {
		if (!this.guests.contains(peer)) {
			return 0L;
		}
		Long since = this.unwelcome.get(peer);
		Long hangs = this.hangs;
		if (isOver(since)) {
			return since;
		}
		return isOver(hangs) ? hangs : null;
	}

	private boolean isOver(@Nullable Long since) {
		return since != null && System.nanoTime() - since > this.grace.toNanos();
	}

}
