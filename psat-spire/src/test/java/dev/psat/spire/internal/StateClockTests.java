package dev.psat.spire.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.concurrent.internal.TestTime;
import dev.psat.support.RunningThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StateClock}.
 */
@ExtendWith(OutputCaptureExtension.class)
class StateClockTests {

	private static final Duration TICK = Duration.ofMillis(5);

	private final TestTime time = new TestTime();

	private final AtomicInteger announcements = new AtomicInteger();

	@Test
	void errorEndsNoClock(CapturedOutput output) {
		try (StateClock clock = clock(() -> {
			if (this.announcements.incrementAndGet() < 3) {
				throw new OutOfMemoryError("on purpose");
			}
		}, true)) {
			clock.start();
			this.time.pass(Duration.ofSeconds(3));
			assertThat(this.announcements).hasValueGreaterThan(10);
			assertThat(output).containsOnlyOnce("are announced after an unexpected error");
		}
	}

	@Test
	void standsStillAfterAStopAndGoesOnAfterAnotherStart() {
		try (StateClock clock = clock(this.announcements::incrementAndGet, true)) {
			clock.start();
			this.time.settle();
			assertThat(this.announcements).hasValue(1);
			clock.stop();
			this.time.pass(Duration.ofSeconds(1));
			int after = this.announcements.get();
			this.time.pass(Duration.ofSeconds(1));
			assertThat(this.announcements).hasValue(after);
			clock.start();
			this.time.pass(TICK);
			assertThat(this.announcements).hasValue(after + 2);
		}
	}

	@Test
	void standsStillWhereItCanChangeNothing() {
		try (StateClock clock = clock(this.announcements::incrementAndGet, false)) {
			clock.start();
			assertThat(RunningThreads.named("test-clock")).isEmpty();
		}
	}

	private StateClock clock(Runnable announcement, boolean worthwhile) {
		return new StateClock("test-clock", TICK, announcement, () -> worthwhile, this.time);
	}

}
