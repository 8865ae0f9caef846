package dev.psat.benchmarks.spire.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Units;
import org.jspecify.annotations.Nullable;

/**
 * How long it took until a fault was seen, and from its mending until each application
 * was well again.
 */
final class Recoveries {

	private final List<Long> seen = new ArrayList<>();

	private final List<Long> over = new ArrayList<>();

	private int count;

	void add(@Nullable Duration seen, Collection<Duration> over) {
		this.count++;
		if (seen != null) {
			this.seen.add(seen.toNanos());
		}
		over.stream().map(Duration::toNanos).forEach(this.over::add);
	}

	int count() {
		return this.count;
	}

	String seen() {
		return text(this.seen);
	}

	String over() {
		return text(this.over);
	}

	private static String text(List<Long> times) {
		if (times.isEmpty()) {
			return "";
		}
		Sample sample = Sample.of(times);
		return "%s / %s".formatted(Units.time(sample.median()), Units.time(sample.max()));
	}

}
