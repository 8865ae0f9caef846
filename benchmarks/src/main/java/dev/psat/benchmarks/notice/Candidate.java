package dev.psat.benchmarks.notice;

import dev.psat.benchmarks.TokenVolume;

/**
 * A volume, its reader, and how long its rotations took.
 */
final class Candidate {

	private final TokenVolume volume;

	private final TokenReader reader;

	private final Series paced = new Series();

	private final Series backToBack = new Series();

	Candidate(TokenVolume volume, TokenReader reader) {
		this.volume = volume;
		this.reader = reader;
	}

	void rotate(Series series, SpinningReader spinning, String token) throws Exception {
		series.add(spinning.time(this.volume, this.reader, token));
	}

	Series paced() {
		return this.paced;
	}

	Series backToBack() {
		return this.backToBack;
	}

}
