package dev.psat.benchmarks.spire.attest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

import dev.psat.benchmarks.Sample;

/**
 * The attestations of one candidate.
 */
final class Series {

	private final Candidate candidate;

	private final List<Laps> laps = new ArrayList<>();

	private long cpu;

	Series(Candidate candidate) {
		this.candidate = candidate;
	}

	Candidate candidate() {
		return this.candidate;
	}

	void add(Laps laps) {
		this.laps.add(laps);
	}

	/**
	 * Add what a block of attestations has cost.
	 * @param nanos processor time of this process
	 */
	void addCpu(long nanos) {
		this.cpu += nanos;
	}

	Sample totals() {
		return sample(Laps::total);
	}

	Sample times(Step step) {
		return sample((laps) -> laps.time(step));
	}

	/**
	 * Return what a connection costs: how much longer the call takes that makes it than
	 * the same call after it.
	 * @param first the call that makes it
	 * @param again the same call on the connection that is open
	 * @return the differences, each within one attestation
	 */
	Sample connection(Step first, Step again) {
		return sample((laps) -> laps.time(first) - laps.time(again));
	}

	private Sample sample(ToLongFunction<Laps> time) {
		return Sample.of(this.laps.stream().map(time::applyAsLong).toList());
	}

	double cpuOfOne() {
		return (double) this.cpu / this.laps.size();
	}

}
