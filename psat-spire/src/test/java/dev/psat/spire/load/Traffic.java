package dev.psat.spire.load;

import java.time.Duration;
import java.util.List;
import java.util.function.ToIntFunction;

import org.springframework.util.Assert;

/**
 * What a server was asked for in some time.
 */
final class Traffic {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final List<Reading> readings;

	Traffic(List<Reading> readings) {
		Assert.isTrue(readings.size() > 1, "There must be a beginning and an end");
		this.readings = List.copyOf(readings);
	}

	Duration time() {
		return Duration.ofNanos(last().nanos() - this.readings.get(0).nanos());
	}

	int count(ToIntFunction<Reading> counter) {
		return counter.applyAsInt(last()) - counter.applyAsInt(this.readings.get(0));
	}

	private Reading last() {
		return this.readings.get(this.readings.size() - 1);
	}

	/**
	 * Return the most that came in any second, wherever that begins. It is never too low:
	 * the windows begin with the last reading before a second and end with the first
	 * after it.
	 * @param counter what is counted
	 * @return the most
	 */
	int peak(ToIntFunction<Reading> counter) {
		int peak = 0;
		int from = 0;
		for (int to = 1; to < this.readings.size(); to++) {
			long began = this.readings.get(to - 1).nanos() - SECOND;
			while (this.readings.get(from + 1).nanos() - began <= 0) {
				from++;
			}
			peak = Math.max(peak,
					counter.applyAsInt(this.readings.get(to)) - counter.applyAsInt(this.readings.get(from)));
		}
		return peak;
	}

}
