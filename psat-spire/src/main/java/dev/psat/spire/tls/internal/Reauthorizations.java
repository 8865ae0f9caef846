package dev.psat.spire.tls.internal;

import java.util.concurrent.atomic.AtomicLong;

import dev.psat.spire.tls.PeerPolicy;

/**
 * How often it was requested to ask policies again. A change of the application's lists
 * concerns no other policy.
 */
final class Reauthorizations {

	private final AtomicLong last = new AtomicLong();

	private final AtomicLong lastOfAll = new AtomicLong();

	/**
	 * Request to ask all policies again.
	 */
	void request() {
		this.lastOfAll.accumulateAndGet(this.last.incrementAndGet(), Math::max);
	}

	/**
	 * Request to ask those policies again that decide by the lists of the application.
	 */
	void requestOfLists() {
		this.last.incrementAndGet();
	}

	/**
	 * Return the number of the last request. Whoever asks a policy reads this first.
	 */
	long last() {
		return this.last.get();
	}

	/**
	 * Return the number of the last request that concerns a policy.
	 * @param policy the policy
	 */
	long of(PeerPolicy policy) {
		return (policy instanceof DryRunPolicy) ? this.last.get() : this.lastOfAll.get();
	}

}
