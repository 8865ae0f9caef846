package dev.psat.spire.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import dev.psat.concurrent.internal.ShiftedTime;
import dev.psat.concurrent.internal.Time;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BackOff}.
 */
class BackOffTests {

	private static final Duration CAP = Duration.ofMinutes(2);

	private final ManualTime time = new ManualTime();

	private BackOff backOff = BackOff.NONE;

	@Test
	void doublesFromOneSecondUpToTheCap() {
		this.time.draw(0.9999999);
		assertThat(failures(9, Duration.ZERO, CAP)).containsExactly(1000L, 2000L, 4000L, 8000L, 16_000L, 32_000L,
				64_000L, 120_000L, 120_000L);
	}

	@Test
	void neverEndsBeforeWhatIsAskedFor() {
		this.time.draw(0);
		assertThat(failures(5, Duration.ofSeconds(15), CAP)).containsOnly(15_000L);
	}

	@Test
	void isSpreadOverTwiceWhatIsAskedForAndMore() {
		this.time.draw(0.9999999);
		assertThat(failures(5, Duration.ofSeconds(15), CAP)).containsExactly(30_000L, 60_000L, 120_000L, 120_000L,
				120_000L);
	}

	@Test
	void capThatIsTooLowForWhatIsAskedForGivesWay() {
		this.time.draw(0);
		assertThat(failures(3, Duration.ofSeconds(15), Duration.ofSeconds(5))).containsOnly(15_000L);
		this.time.draw(0.9999999);
		assertThat(failures(3, Duration.ofSeconds(15), Duration.ofSeconds(5))).containsOnly(30_000L);
	}

	@Test
	void neverOverflows() {
		this.time.draw(0.9999999);
		assertThat(failures(100, Duration.ofSeconds(15), CAP)).endsWith(120_000L)
			.allMatch((millis) -> millis <= 120_000);
	}

	@Test
	void startsAgainAfterASuccess() {
		this.time.draw(0.9999999);
		failures(5, Duration.ZERO, CAP);
		this.backOff = BackOff.NONE;
		assertThat(failures(1, Duration.ZERO, CAP)).containsExactly(1000L);
	}

	@Test
	void isNeverShorterThanAFifthOfASecond() {
		this.time.draw(0);
		assertThat(failures(10, Duration.ZERO, CAP)).containsOnly(200L);
		assertThat(failures(1, Duration.ZERO, Duration.ofMillis(10))).containsExactly(200L);
	}

	@Test
	void isSpreadOverTheWholeOfItsTime() {
		Time time = new ShiftedTime(Clock.systemUTC(), System::nanoTime, new Random(7));
		List<Duration> waits = Stream
			.iterate(this.backOff, (backOff) -> backOff.failed(Duration.ZERO, Duration.ofSeconds(60), time))
			.skip(7)
			.map(BackOff::pause)
			.limit(1000)
			.toList();
		assertThat(waits).anyMatch((wait) -> wait.toSeconds() < 6)
			.anyMatch((wait) -> wait.toSeconds() >= 54)
			.allMatch((wait) -> wait.compareTo(Duration.ofSeconds(60)) <= 0);
	}

	private List<Long> failures(int number, Duration atLeast, Duration cap) {
		return Stream.generate(() -> {
			this.backOff = this.backOff.failed(atLeast, cap, this.time.time());
			return this.backOff.pause().toMillis();
		}).limit(number).toList();
	}

}
