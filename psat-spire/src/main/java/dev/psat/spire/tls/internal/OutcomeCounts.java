package dev.psat.spire.tls.internal;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Counts of outcomes by direction and trust domain, of which only verified ones may be
 * counted by name, and of these no more than a hundred: an identity may trust whom it
 * likes. None of the counts ever decreases.
 */
final class OutcomeCounts {

	private static final int OUTCOMES = HandshakeOutcome.values().length;

	private static final int MOST = 100;

	private final AtomicLongArray others = counts();

	private final Map<TrustDomain, AtomicLongArray> byTrustDomain = new ConcurrentHashMap<>();

	void increment(Direction direction, HandshakeOutcome outcome, @Nullable TrustDomain trustDomain) {
		countsOf(trustDomain).incrementAndGet(index(direction, outcome));
	}

	private AtomicLongArray countsOf(@Nullable TrustDomain trustDomain) {
		if (trustDomain == null) {
			return this.others;
		}
		AtomicLongArray counts = this.byTrustDomain.get(trustDomain);
		return (counts != null) ? counts : firstOf(trustDomain);
	}

	private synchronized AtomicLongArray firstOf(TrustDomain trustDomain) {
		if (this.byTrustDomain.size() >= MOST) {
			return this.byTrustDomain.getOrDefault(trustDomain, this.others);
		}
		return this.byTrustDomain.computeIfAbsent(trustDomain, (added) -> counts());
	}

	long total(Direction direction, HandshakeOutcome outcome) {
		int index = index(direction, outcome);
		return this.others.get(index)
				+ this.byTrustDomain.values().stream().mapToLong((counts) -> counts.get(index)).sum();
	}

	long of(Direction direction, HandshakeOutcome outcome, @Nullable TrustDomain trustDomain) {
		AtomicLongArray counts = (trustDomain != null) ? this.byTrustDomain.get(trustDomain) : this.others;
		return (counts != null) ? counts.get(index(direction, outcome)) : 0;
	}

	boolean names(TrustDomain trustDomain) {
		return this.byTrustDomain.containsKey(trustDomain);
	}

	Set<TrustDomain> trustDomains() {
		return Set.copyOf(this.byTrustDomain.keySet());
	}

	private static AtomicLongArray counts() {
		return new AtomicLongArray(Direction.values().length * OUTCOMES);
	}

	private static int index(Direction direction, HandshakeOutcome outcome) {
		return direction.ordinal() * OUTCOMES + outcome.ordinal();
	}

}
