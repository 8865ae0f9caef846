package dev.psat.benchmarks.soak;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Schedule}.
 */
class ScheduleTests {

	private static final List<Integer> FAULTS = IntStream.range(0, 20).boxed().toList();

	@Test
	void sameSeedIsSameSchedule() {
		assertThat(steps(42, 30)).isEqualTo(steps(42, 30));
	}

	@Test
	void otherSeedIsOtherSchedule() {
		assertThat(steps(42, 30)).isNotEqualTo(steps(43, 30));
	}

	@Test
	void longerScheduleBeginsAsTheShorterOne() {
		List<Schedule.Step<Integer>> shorter = steps(42, 5);
		assertThat(steps(42, 30).subList(0, shorter.size())).isEqualTo(shorter);
	}

	@Test
	void everyFaultComesOnceInEachRound() {
		List<Integer> faults = steps(42, 30).stream().map(Schedule.Step::fault).toList();
		assertThat(faults).hasSizeGreaterThan(10 * FAULTS.size());
		for (int from = 0; from + FAULTS.size() <= faults.size(); from += FAULTS.size()) {
			assertThat(faults.subList(from, from + FAULTS.size())).containsExactlyInAnyOrderElementsOf(FAULTS);
		}
	}

	@Test
	void roundsDifferInOrder() {
		List<Integer> faults = steps(42, 30).stream().map(Schedule.Step::fault).toList();
		assertThat(faults.subList(0, FAULTS.size())).isNotEqualTo(faults.subList(FAULTS.size(), 2 * FAULTS.size()));
	}

	@Test
	void stepsAreInOrderAndEndWithinTheDuration() {
		for (long seed = 0; seed < 100; seed++) {
			List<Duration> starts = steps(seed, 1).stream().map(Schedule.Step::at).toList();
			assertThat(starts).isSorted().isNotEmpty();
			assertThat(starts.get(starts.size() - 1)).isLessThan(Duration.ofMinutes(1));
		}
	}

	@Test
	void everyStepHasASeedOfItsOwn() {
		List<Long> seeds = steps(42, 30).stream().map(Schedule.Step::seed).toList();
		assertThat(new HashSet<>(seeds)).hasSameSizeAs(seeds);
	}

	private static List<Schedule.Step<Integer>> steps(long seed, int minutes) {
		return new Schedule<>(seed, Duration.ofMinutes(minutes), FAULTS).steps();
	}

}
