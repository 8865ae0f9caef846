package dev.psat.benchmarks.notice;

import java.util.stream.Stream;

/**
 * The library and the floor, on the same medium.
 *
 * @param medium the name of the medium
 * @param ours the library
 * @param floor the floor
 */
record Pair(String medium, Candidate ours, Candidate floor) {

	Stream<Candidate> candidates() {
		return Stream.of(this.ours, this.floor);
	}

}
