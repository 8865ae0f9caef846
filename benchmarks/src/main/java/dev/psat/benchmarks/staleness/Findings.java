package dev.psat.benchmarks.staleness;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;

/**
 * The findings of one draw.
 */
final class Findings {

	/** The leeway that the API server, which SPIRE asks, grants on expiry. */
	private static final Duration LEEWAY = Duration.ofMinutes(1);

	private final List<Double> ages = new ArrayList<>();

	private final Map<TokenState, List<Double>> alarms = new EnumMap<>(TokenState.class);

	private final Set<String> raised = new HashSet<>();

	private long noticing;

	private long calls;

	private long replaced;

	private long expired;

	private long pastLeeway;

	private long refused;

	void countToken(boolean newest, long expiresAt, long now) {
		this.calls++;
		this.replaced += newest ? 0 : 1;
		this.expired += (now > expiresAt) ? 1 : 0;
		this.pastLeeway += (now > expiresAt + LEEWAY.toMillis()) ? 1 : 0;
	}

	void countRefusal() {
		this.calls++;
		this.refused++;
	}

	long calls() {
		return this.calls;
	}

	double replaced() {
		return percent(this.replaced);
	}

	double expired() {
		return percent(this.expired);
	}

	double pastLeeway() {
		return percent(this.pastLeeway);
	}

	double refused() {
		return percent(this.refused);
	}

	private double percent(long count) {
		return 100.0 * count / this.calls;
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
	 * Record a rotation that the source has noticed.
	 * @param nanos how long that took in real time
	 */
	void noticed(long nanos) {
		this.noticing += nanos;
	}

	long noticing() {
		return this.noticing;
	}

	/**
	 * Record what the source says.
	 * @param status its status
	 * @param now the current time, in milliseconds
	 */
	void said(TokenStatus status, long now) {
		TokenStatus.Token token = status.token();
		Instant due = (token != null) ? token.rotationDueAt() : null;
		TokenState state = status.tokenState();
		if (state != TokenState.VALID && token != null && due != null
				&& this.raised.add(state + " " + token.fingerprint())) {
			this.alarms.computeIfAbsent(state, (absent) -> new ArrayList<>()).add((now - due.toEpochMilli()) / 1000.0);
		}
	}

	/**
	 * Return when an alarm was raised, once for each token.
	 * @param state what the source said
	 * @return seconds after the rotation was due
	 */
	List<Double> alarms(TokenState state) {
		return this.alarms.getOrDefault(state, List.of());
	}

}
