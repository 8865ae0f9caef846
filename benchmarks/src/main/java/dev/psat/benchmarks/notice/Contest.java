package dev.psat.benchmarks.notice;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import dev.psat.benchmarks.TokenVolume;

/**
 * A peer and the library, each with a volume that is swapped at the same moment.
 */
final class Contest {

	private final String peer;

	private final TokenVolume volume;

	private final Sightings sightings;

	private final Candidate ours;

	private final Series oursTimes = new Series();

	private final List<Swap> swaps = new ArrayList<>();

	Contest(String peer, TokenVolume volume, Sightings sightings, Candidate ours) {
		this.peer = peer;
		this.volume = volume;
		this.sightings = sightings;
		this.ours = ours;
	}

	void rotate(Content content, SpinningReader spinning, String token) throws Exception {
		this.swaps.add(new Swap(content.name(), this.volume.swap(content.bytes())));
		this.ours.rotate(this.oursTimes, spinning, token);
	}

	String peer() {
		return this.peer;
	}

	Series oursTimes() {
		return this.oursTimes;
	}

	/**
	 * Judge the rotations: one that was not noticed before the next is missed.
	 * @param due when the rotation after the last would have come, by
	 * {@link System#nanoTime()}
	 * @return how long the peer took
	 */
	Series peerTimes(long due) {
		Series times = new Series();
		for (int i = 0; i < this.swaps.size(); i++) {
			Swap swap = this.swaps.get(i);
			long end = (i + 1 < this.swaps.size()) ? this.swaps.get(i + 1).renamedAt() : due;
			Long seenAt = this.sightings.of(swap.name());
			times.add((seenAt != null && seenAt - end < 0) ? OptionalLong.of(seenAt - swap.renamedAt())
					: OptionalLong.empty());
		}
		return times;
	}

	private record Swap(String name, long renamedAt) {

	}

}
