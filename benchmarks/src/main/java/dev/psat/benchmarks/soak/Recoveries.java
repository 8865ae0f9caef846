package dev.psat.benchmarks.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Units;

/**
 * How long it took, each time a fault was repaired, from a good token in the file until
 * everybody had it, with and without file events.
 */
final class Recoveries {

	private final List<Long> withEvents = new ArrayList<>();

	private final List<Long> polling = new ArrayList<>();

	private int count;

	void add(Map<Subject, Duration> times) {
		this.count++;
		times.forEach((subject, time) -> (subject.isPolling() ? this.polling : this.withEvents).add(time.toNanos()));
	}

	int count() {
		return this.count;
	}

	String withEvents() {
		return text(this.withEvents);
	}

	String polling() {
		return text(this.polling);
	}

	private static String text(List<Long> times) {
		if (times.isEmpty()) {
			return "";
		}
		Sample sample = Sample.of(times);
		return "%s / %s".formatted(Units.time(sample.median()), Units.time(sample.max()));
	}

}
