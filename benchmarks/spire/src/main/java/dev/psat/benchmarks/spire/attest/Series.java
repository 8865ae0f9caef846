package dev.psat.benchmarks.spire.attest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

import dev.psat.benchmarks.Sample;

/**
 * The attestations of one candidate.
 */
final class Series {

	private static final double AGREEMENT = 0.03;

	private final Candidate candidate;

	private final List<Block> blocks = new ArrayList<>();

	Series(Candidate candidate) {
		this.candidate = candidate;
	}

	Candidate candidate() {
		return this.candidate;
	}

	void add(Block block) {
		this.blocks.add(block);
	}

	int blocks() {
		return this.blocks.size();
	}

	/**
	 * Return whether the medians are about the same.
	 * @param some series
	 * @param others as many, of the same candidates
	 * @return whether none differs by more than three percent
	 */
	static boolean agree(List<Series> some, List<Series> others) {
		return IntStream.range(0, some.size())
			.mapToDouble((i) -> some.get(i).totals().median() / others.get(i).totals().median())
			.allMatch((ratio) -> Math.abs(ratio - 1) <= AGREEMENT);
	}

	/**
	 * Compare with another series, round by round.
	 * @param other as many blocks of another candidate
	 * @param figure what is compared of a block
	 * @return the ratio of this to the other, in each round
	 */
	Sample ratios(Series other, ToDoubleFunction<Block> figure) {
		return Sample.of(IntStream.range(0, this.blocks.size())
			.mapToObj((i) -> figure.applyAsDouble(this.blocks.get(i)) / figure.applyAsDouble(other.blocks.get(i)))
			.toList());
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
		return Sample
			.of(this.blocks.stream().flatMap((block) -> block.laps().stream()).map(time::applyAsLong).toList());
	}

	/**
	 * Return the processor time of an attestation.
	 * @return that of each block
	 */
	Sample cpu() {
		return Sample.of(this.blocks.stream().map(Block::cpuOfOne).toList());
	}

}
