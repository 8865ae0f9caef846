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
		assertThat(ages(1)).allSatisfy((age) -> assertThat(age).isBetween(471_000L, 571_300L))
			.anySatisfy((age) -> assertThat(age).isLessThan(480_000L))
			.anySatisfy((age) -> assertThat(age).isGreaterThan(560_000L));
	}

	@Test
	void sameSeedMeansTheSameRotations() {
		assertThat(ages(7).toArray()).isEqualTo(ages(7).toArray()).isNotEqualTo(ages(8).toArray());
	}

	private static LongStream ages(long seed) {
		KubeletRule rule = new KubeletRule(new Random(seed), LIFETIME, 0);
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
