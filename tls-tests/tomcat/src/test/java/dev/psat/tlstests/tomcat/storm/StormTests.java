package dev.psat.tlstests.tomcat.storm;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import dev.psat.support.Matrix;
import dev.psat.support.soak.Violations;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Storm}.
 */
@Matrix
class StormTests {

	private static final Duration LONGEST_FAULT = Duration.ofSeconds(4);

	private static final Duration LOOK = Duration.ofMillis(10);

	private final Violations violations = new Violations();

	private final Map<String, Integer> open = new ConcurrentHashMap<>();

	private int mostAtOnce;

	private long now;

	@Test
	void faultsMeetButNoTwoAtOnePlaceAndAllEnd() {
		storm(IntStream.range(0, 12).mapToObj((i) -> fault("fault " + i, "place " + i / 2)).toList());
		assertThat(this.violations.first()).isEmpty();
		assertThat(this.mostAtOnce).isEqualTo(5);
		assertThat(this.open.values()).containsOnly(0);
	}

	@Test
	void eachFaultHappensAsOftenAsTheOthers() {
		Storm storm = storm(IntStream.range(0, 12).mapToObj((i) -> fault("fault " + i, "place " + i)).toList());
		assertThat(storm.hasSeenAll()).isTrue();
		assertThat(storm.times()).hasSize(12);
		List<Integer> times = List.copyOf(storm.times().values());
		assertThat(times).allSatisfy((count) -> assertThat(count).isBetween(times.get(0) - 1, times.get(0) + 1));
	}

	@Test
	void faultThatCannotBeginOrEndIsAViolation() {
		storm(List.of(Fault.lasting("first", "here", StormTests::fail, () -> {
		}), Fault.lasting("second", "there", () -> {
		}, StormTests::fail)));
		assertThat(this.violations.first()).anyMatch((violation) -> violation.startsWith("first (here) did not begin"))
			.anyMatch((violation) -> violation.startsWith("second (there) did not end"));
	}

	private Storm storm(List<Fault> faults) {
		Storm storm = new Storm(faults, new Random(4), () -> this.now, this.violations);
		storm.blow(Duration.ofMinutes(5), LONGEST_FAULT, () -> this.now += LOOK.toNanos());
		return storm;
	}

	private static void fail() {
		throw new IllegalStateException();
	}

	private Fault fault(String name, String place) {
		return Fault.lasting(name, place, () -> {
			if (this.open.merge(place, 1, Integer::sum) > 1) {
				this.violations.add("Two at " + place);
			}
			this.mostAtOnce = Math.max(this.mostAtOnce, this.open.values().stream().mapToInt(Integer::intValue).sum());
		}, () -> this.open.merge(place, -1, Integer::sum));
	}

}
