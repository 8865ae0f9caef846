package dev.psat.benchmarks.notice;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Swaps the volumes of all candidates, one after the other on one thread, so that none is
 * measured while another is swapped.
 */
final class Course {

	static final Duration PACE = Duration.ofMillis(100);

	static final int BLOCK = 100;

	private final List<Candidate> candidates;

	private final SpinningReader spinning;

	private final Supplier<String> tokens;

	Course(List<Candidate> candidates, SpinningReader spinning, Supplier<String> tokens) {
		this.candidates = candidates;
		this.spinning = spinning;
		this.tokens = tokens;
	}

	/**
	 * Swap each volume as soon as its last swap has been seen, in blocks that take turns.
	 * @param swaps how often to swap each volume
	 * @param series where to put the times
	 * @throws Exception if that fails
	 */
	void backToBack(int swaps, Function<Candidate, Series> series) throws Exception {
		for (int done = 0; done < swaps; done += BLOCK) {
			for (Candidate candidate : this.candidates) {
				List<String> block = Stream.generate(this.tokens).limit(Math.min(BLOCK, swaps - done)).toList();
				for (String token : block) {
					candidate.rotate(series.apply(candidate), this.spinning, token);
				}
			}
		}
	}

	/**
	 * Swap each volume once every tenth of a second, in a slot of its own, and continue
	 * until the tournaments, which share one slot, are over.
	 * @param swaps how often to swap each volume
	 * @param tournaments the tournaments
	 * @throws Exception if that fails
	 */
	void paced(int swaps, List<Tournament> tournaments) throws Exception {
		Slots slots = new Slots(PACE.dividedBy(this.candidates.size() + 1));
		for (int done = 0; done < swaps || !tournaments.stream().allMatch(Tournament::isOver); done++) {
			for (Candidate candidate : this.candidates) {
				slots.await();
				if (done < swaps) {
					candidate.rotate(candidate.paced(), this.spinning, this.tokens.get());
				}
			}
			slots.await();
			for (Tournament tournament : tournaments) {
				tournament.rotateIfDue(this.spinning);
			}
		}
	}

}
