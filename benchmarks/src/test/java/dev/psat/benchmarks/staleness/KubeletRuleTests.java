package dev.psat.benchmarks.staleness;

import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KubeletRuleTests {

	private static final Duration LIFETIME = Duration.ofMinutes(10);

	private static final int ROTATIONS = 10_000;

	@Test
	void tokenIsReplacedFromEightyPercentOfItsLifeOn() {
		assertThat(ages(LIFETIME, Duration.ZERO, 1)).allSatisfy((age) -> assertThat(age).isBetween(471_000L, 571_300L))
			.anySatisfy((age) -> assertThat(age).isLessThan(480_000L))
			.anySatisfy((age) -> assertThat(age).isGreaterThan(560_000L));
	}

	@Test
	void stallPutsTheReplacementOff() {
		Duration stall = Duration.ofMinutes(5);
		assertThat(ages(LIFETIME, stall, 1))
			.allSatisfy((age) -> assertThat(age).isBetween(471_000L, 571_300L + 300_000L + 90_000L))
			.anySatisfy((age) -> assertThat(age).isLessThan(600_000L))
			.anySatisfy((age) -> assertThat(age).isGreaterThan(800_000L));
	}

	@Test
	void tokenThatLivesLongIsReplacedAfterADay() {
		long day = Duration.ofHours(24).toMillis();
		assertThat(ages(Duration.ofDays(7), Duration.ZERO, 1).limit(100))
			.allSatisfy((age) -> assertThat(age).isBetween(day - 9_000, day + 91_300));
	}

	@Test
	void sameSeedMeansTheSameRotations() {
		assertThat(ages(LIFETIME, Duration.ZERO, 7).toArray()).isEqualTo(ages(LIFETIME, Duration.ZERO, 7).toArray())
			.isNotEqualTo(ages(LIFETIME, Duration.ZERO, 8).toArray());
	}

	private static LongStream ages(Duration lifetime, Duration longestStall, long seed) {
		KubeletRule rule = new KubeletRule(new Random(seed), lifetime, longestStall, 0);
		long[] ages = new long[ROTATIONS];
		long issuedAt = 0;
		for (int rotation = 0; rotation < ROTATIONS; rotation++) {
			long swap = rule.nextSwap(issuedAt);
			ages[rotation] = swap - issuedAt;
			issuedAt = swap;
		}
		return LongStream.of(ages);
	}

}
