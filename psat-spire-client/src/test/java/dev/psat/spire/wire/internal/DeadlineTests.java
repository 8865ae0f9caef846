package dev.psat.spire.wire.internal;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Deadline}.
 */
class DeadlineTests {

	private final TestTime time = new TestTime();

	@Test
	void passesWithTime() {
		Deadline deadline = in(Duration.ofSeconds(60));
		this.time.passInVain(Duration.ofSeconds(59));
		assertThat(deadline.remaining()).isEqualTo(1_000_000_000L);
		assertThat(deadline.isPassed()).isFalse();
		this.time.passInVain(Duration.ofMinutes(1));
		assertThat(deadline.remaining()).isZero();
		assertThat(deadline.isPassed()).isTrue();
	}

	@Test
	void thatOfNoTimeHasPassed() {
		assertThat(in(Duration.ZERO).isPassed()).isTrue();
		assertThat(in(Duration.ofSeconds(-1)).remaining()).isZero();
	}

	@Test
	void anotherOneNeverPasses() {
		Deadline deadline = Deadline.never(this.time);
		this.time.passInVain(Duration.ofDays(36_500));
		assertThat(deadline.isPassed()).isFalse();
	}

	@Test
	void theEarlierOfTwoCounts() {
		Deadline minute = in(Duration.ofMinutes(1));
		assertThat(minute.within(Duration.ofHours(1)).remaining()).isEqualTo(60_000_000_000L);
		assertThat(minute.within(Duration.ofSeconds(1)).remaining()).isEqualTo(1_000_000_000L);
	}

	@Test
	void earlierOneLeavesASecondOfWhatIsLeft() {
		assertThat(in(Duration.ofSeconds(20)).earlier(Duration.ofSeconds(3)).remaining()).isEqualTo(17_000_000_000L);
		assertThat(in(Duration.ofSeconds(2)).earlier(Duration.ofSeconds(3)).remaining()).isEqualTo(1_000_000_000L);
		assertThat(in(Duration.ofMillis(500)).earlier(Duration.ofSeconds(3)).remaining()).isEqualTo(500_000_000L);
		assertThat(in(Duration.ZERO).earlier(Duration.ofSeconds(3)).remaining()).isZero();
	}

	@Test
	void anyDurationIsTaken() {
		assertThat(in(Duration.ofSeconds(Long.MAX_VALUE)).remaining()).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void grpcTimeoutHasEightDigitsAtMostAndIsRoundedUp() {
		assertThat(in(Duration.ofSeconds(20)).grpcTimeout()).isEqualTo("20001m");
		assertThat(in(Duration.ZERO).grpcTimeout()).isEqualTo("1m");
		assertThat(in(Duration.ofHours(100)).grpcTimeout()).isEqualTo("360001S");
		assertThat(in(Duration.ofSeconds(Long.MAX_VALUE)).grpcTimeout()).isEqualTo("99999999S");
	}

	private Deadline in(Duration timeout) {
		return Deadline.in(timeout, this.time);
	}

}
