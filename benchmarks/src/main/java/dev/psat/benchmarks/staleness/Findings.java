package dev.psat.benchmarks.staleness;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.psat.token.SourceState;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;

/**
 * The findings of a scenario.
 */
final class Findings {

	private final Map<Peer, Tally> tallies = new LinkedHashMap<>();

	private final List<Double> ages = new ArrayList<>();

	private final Map<String, List<Double>> alarms = new TreeMap<>();

	private final Set<String> raised = new HashSet<>();

	private long noticing;

	Tally of(Peer peer) {
		return this.tallies.computeIfAbsent(peer, (absent) -> new Tally());
	}

	Set<Peer> peers() {
		return Collections.unmodifiableSet(this.tallies.keySet());
	}

	/**
	 * Return how often each peer was asked.
	 * @return the number of calls, which is the same for all
	 */
	long calls() {
		return this.tallies.values().iterator().next().calls();
	}

	/**
	 * Record a swap.
	 * @param age the age of the token that was replaced, in milliseconds
	 */
	void swapped(long age) {
		this.ages.add(age / 1000.0);
	}

	/**
	 * Return the ages of the tokens that were replaced.
	 * @return the ages in seconds
	 */
	List<Double> ages() {
		return Collections.unmodifiableList(this.ages);
	}

	/**
	 * Record a rotation that our source has noticed.
	 * @param nanos how long that took in real time
	 */
	void noticed(long nanos) {
		this.noticing += nanos;
	}

	long noticing() {
		return this.noticing;
	}

	/**
	 * Record what our source says.
	 * @param status its status
	 * @param now the current time, in milliseconds
	 */
	void said(TokenStatus status, long now) {
		if (status.tokenState() != TokenState.VALID) {
			raise(status.tokenState(), status, now);
		}
		SourceState sourceState = status.sourceState();
		if (sourceState != null && sourceState != SourceState.OK) {
			raise(sourceState, status, now);
		}
	}

	/**
	 * Return when an alarm was raised, once for each token.
	 * @param state what the source said
	 * @return seconds after the rotation was due
	 */
	List<Double> alarms(Enum<?> state) {
		return this.alarms.getOrDefault(state.name(), List.of());
	}

	private void raise(Enum<?> state, TokenStatus status, long now) {
		Instant due = status.rotationDueAt();
		if (due != null && this.raised.add(state + " " + status.fingerprint())) {
			this.alarms.computeIfAbsent(state.name(), (absent) -> new ArrayList<>())
				.add((now - due.toEpochMilli()) / 1000.0);
		}
	}

}
