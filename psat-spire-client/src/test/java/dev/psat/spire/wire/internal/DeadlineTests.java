package dev.psat.spire.wire.internal;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Deadline}.
 */
class DeadlineTests {

	@Test
	void passesWithTime() {
		assertThat(Deadline.in(Duration.ZERO).isPassed()).isTrue();
		assertThat(Deadline.in(Duration.ofSeconds(-1)).remaining()).isZero();
		assertThat(Deadline.in(Duration.ofMinutes(1)).isPassed()).isFalse();
		assertThat(new Deadline(System.nanoTime() - 10, 5).isPassed()).isTrue();
	}

	@Test
	void theEarlierOfTwoCounts() {
		Deadline minute = Deadline.in(Duration.ofMinutes(1));
		assertThat(minute.within(Duration.ofHours(1)).remaining()).isLessThanOrEqualTo(60_000_000_000L);
		assertThat(minute.within(Duration.ofSeconds(1)).remaining()).isBetween(1L, 1_000_000_000L);
	}

	@Test
	void earlierOneLeavesASecondOfWhatIsLeft() {
		assertThat(Deadline.in(Duration.ofSeconds(20)).earlier(Duration.ofSeconds(3)).remaining())
			.isBetween(16_000_000_000L, 17_000_000_000L);
		assertThat(Deadline.in(Duration.ofSeconds(2)).earlier(Duration.ofSeconds(3)).remaining()).isBetween(1L,
				1_000_000_000L);
		assertThat(Deadline.in(Duration.ofMillis(500)).earlier(Duration.ofSeconds(3)).remaining()).isBetween(1L,
				500_000_000L);
		assertThat(Deadline.in(Duration.ZERO).earlier(Duration.ofSeconds(3)).remaining()).isZero();
	}

	@Test
	void anyDurationIsTaken() {
		assertThat(Deadline.in(Duration.ofSeconds(Long.MAX_VALUE)).remaining()).isPositive();
	}

	@Test
	void grpcTimeoutHasEightDigitsAtMostAndIsRoundedUp() {
		assertThat(Deadline.in(Duration.ofSeconds(20)).grpcTimeout()).matches("(20000|1\\d{4})m");
		assertThat(Deadline.in(Duration.ZERO).grpcTimeout()).isEqualTo("1m");
		assertThat(Deadline.in(Duration.ofHours(100)).grpcTimeout()).matches("36000[01]S|35999\\dS");
		assertThat(Deadline.in(Duration.ofSeconds(Long.MAX_VALUE)).grpcTimeout()).isEqualTo("99999999S");
	}

}
