package dev.psat.benchmarks.spire.start;

import java.util.List;

/**
 * Those who are started next to each other, since they are compared.
 *
 * @param way the way in which they are started
 * @param racers who they are
 */
record Heat(String way, List<Racer> racers) {

	Heat(String way, Racer... racers) {
		this(way, List.of(racers));
	}

	Heat without(String racer) {
		return new Heat(this.way, this.racers.stream().filter((other) -> !other.name().equals(racer)).toList());
	}

}
