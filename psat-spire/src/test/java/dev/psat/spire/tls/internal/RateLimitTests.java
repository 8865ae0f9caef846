package dev.psat.spire.tls.internal;

import java.time.Duration;
import java.time.Instant;

import dev.psat.spire.tls.internal.PeerReport.RateLimit;
import dev.psat.support.MutableClock;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RateLimit}.
 */
class RateLimitTests {

	private final MutableClock clock = new MutableClock(Instant.parse("2026-11-25T10:00:00Z"));

	private final RateLimit limit = new RateLimit(this.clock);

	@Test
	void oneMatterIsPermittedOnceAMinute() {
		assertThat(this.limit.permits("one")).isTrue();
		assertThat(this.limit.permits("one")).isFalse();
		this.clock.advance(Duration.ofMillis(59_999));
		assertThat(this.limit.permits("one")).isFalse();
		this.clock.advance(Duration.ofMillis(1));
		assertThat(this.limit.permits("one")).isTrue();
		assertThat(this.limit.permits("one")).isFalse();
	}

	@Test
	void minuteOfOneMatterDoesNotEndWithThatOfAnother() {
		this.limit.permits("early");
		this.clock.advance(Duration.ofSeconds(59));
		assertThat(this.limit.permits("late")).isTrue();
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(this.limit.permits("early")).isTrue();
		assertThat(this.limit.permits("late")).isFalse();
		this.clock.advance(Duration.ofSeconds(58));
		assertThat(this.limit.permits("late")).isFalse();
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(this.limit.permits("late")).isTrue();
	}

	@Test
	void hundredMattersArePermittedInAnyMinute() {
		assertThat(permitted(0, 1_000)).isEqualTo(100);
		this.clock.advance(Duration.ofSeconds(59));
		assertThat(permitted(1_000, 2_000)).isZero();
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(permitted(2_000, 3_000)).isEqualTo(100);
	}

	@Test
	void clockThatIsSetBackSilencesNobody() {
		this.limit.permits("one");
		this.clock.advance(Duration.ofDays(-1));
		assertThat(this.limit.permits("one")).isTrue();
		assertThat(this.limit.permits("one")).isFalse();
	}

	private int permitted(int from, int to) {
		int permitted = 0;
		for (int i = from; i < to; i++) {
			if (this.limit.permits("matter " + i)) {
				permitted++;
			}
		}
		return permitted;
	}

}
