package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.psat.support.RunningThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LookGuard}.
 */
class LookGuardTests {

	private static final Duration PATIENCE = Duration.ofMillis(150);

	private final Desk desk = new Desk(Path.of("token"), intervals());

	private final LookGuard guard = this.desk.guard;

	private final List<Thread> others = RunningThreads.beginningWith("psat-token-guard");

	@AfterEach
	void close() {
		this.guard.close();
		SourceTorture.soon().until(() -> threads().isEmpty());
	}

	@Test
	void looksInQuickSuccessionShareAThreadThatEndsWhenThereAreNoMore() {
		try (Desk patient = new Desk(Path.of("token"), Intervals.withPoll(SourceTorture.NEVER))) {
			patient.guard.begin(Instant.now()).close();
			List<Thread> guarding = threads();
			for (int look = 1; look < 100; look++) {
				patient.guard.begin(Instant.now()).close();
			}
			assertThat(guarding).hasSize(1);
			assertThat(threads()).isEqualTo(guarding);
			SourceTorture.soon().until(() -> threads().isEmpty());
			assertThat(patient.status().sourceState()).isNull();
		}
	}

	@Test
	void lookThatHangsIsReportedAfterManyThatDidNot() {
		look();
		LookGuard.Attempt attempt = this.guard.begin(Instant.now());
		SourceTorture.soon().until(() -> this.desk.status().sourceState() == SourceState.UNREADABLE);
		assertThat(this.guard.isHanging()).isTrue();
		attempt.close();
		assertThat(this.guard.isHanging()).isFalse();
		SourceTorture.soon().until(() -> threads().isEmpty());
	}

	@Test
	void nothingIsReportedWhileSilentAndTheLookInProgressAfterwards() {
		this.guard.fallSilent();
		try (LookGuard.Attempt attempt = this.guard.begin(Instant.now())) {
			SourceTorture.soon().until(this.guard::isHanging);
			assertThat(threads()).isEmpty();
			assertThat(this.desk.status().sourceState()).isNull();
			this.guard.speak();
			SourceTorture.soon().until(() -> this.desk.status().sourceState() == SourceState.UNREADABLE);
		}
	}

	private void look() {
		this.guard.begin(Instant.now()).close();
	}

	private List<Thread> threads() {
		List<Thread> threads = new ArrayList<>(RunningThreads.beginningWith("psat-token-guard"));
		threads.removeAll(this.others);
		return threads;
	}

	private static Intervals intervals() {
		Intervals intervals = Intervals.withPoll(SourceTorture.NEVER);
		return new Intervals(intervals.poll(), intervals.clockCheck(), Duration.ofMillis(50), intervals.settling(),
				intervals.unrest(), intervals.confirmation(), intervals.eventGrace(), intervals.watchRetry(),
				intervals.watchPatience(), PATIENCE, intervals.patience());
	}

}
