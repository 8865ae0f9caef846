package dev.psat.spire.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.support.RunningThreads;
import org.awaitility.Awaitility;
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

	private final AtomicInteger announcements = new AtomicInteger();

	@Test
	void errorEndsNoClock(CapturedOutput output) {
		try (StateClock clock = clock(() -> {
			if (this.announcements.incrementAndGet() < 3) {
				throw new OutOfMemoryError("on purpose");
			}
		}, true)) {
			clock.start();
			await(10);
			assertThat(output).containsOnlyOnce("are announced after an unexpected error");
		}
	}

	@Test
	void standsStillAfterAStopAndGoesOnAfterAnotherStart() {
		try (StateClock clock = clock(this.announcements::incrementAndGet, true)) {
			clock.start();
			await(1);
			clock.stop();
			clock.start();
			await(this.announcements.get() + 2);
		}
	}

	@Test
	void standsStillWhereItCanChangeNothing() {
		try (StateClock clock = clock(this.announcements::incrementAndGet, false)) {
			clock.start();
			assertThat(RunningThreads.named("test-clock")).isEmpty();
		}
	}

	private static StateClock clock(Runnable announcement, boolean worthwhile) {
		return new StateClock("test-clock", Duration.ofMillis(5), announcement, () -> worthwhile,
				new PassingTime().time());
	}

	private void await(int least) {
		Awaitility.await().until(() -> this.announcements.get() >= least);
	}

}
