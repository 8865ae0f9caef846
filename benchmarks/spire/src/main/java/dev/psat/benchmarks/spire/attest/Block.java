package dev.psat.benchmarks.spire.attest;

import java.util.List;

import dev.psat.benchmarks.Sample;

/**
 * Attestations of one candidate, one after the other.
 *
 * @param laps their times
 * @param cpu nanoseconds of processor time that this process has used meanwhile
 */
record Block(List<Laps> laps, long cpu) {

	double median() {
		return Sample.of(this.laps.stream().map(Laps::total).toList()).median();
	}

	double cpuOfOne() {
		return (double) this.cpu / this.laps.size();
	}

}
