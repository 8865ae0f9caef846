package dev.psat.spire.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.psat.support.Latches;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link VisitLoop}.
 */
@ExtendWith(OutputCaptureExtension.class)
class VisitLoopTests {

	private static final String NAME = "psat-spire-loop";

	private static final Duration LONG = Duration.ofHours(1);

	private static final Duration SOON = Patience.LIMIT;

	private final List<Boolean> visits = new CopyOnWriteArrayList<>();

	private volatile VisitLoop.Visits then = (wanted) -> LONG;

	private final PassingTime time = new PassingTime();

	private volatile VisitLoop.Sleep sleep = TimeUnit.NANOSECONDS::sleep;

	private volatile Supplier<Duration> afterError = () -> LONG;

	private final VisitLoop loop = new VisitLoop(NAME, "Visits continue", (wanted) -> {
		this.visits.add(wanted);
		return this.then.visit(wanted);
	}, () -> this.afterError.get(), this.time.time(), (nanos) -> this.sleep.sleep(nanos));

	@AfterEach
	void stop() {
		this.loop.stop();
	}

	@Test
	void visitsAtOnceAndAgainAfterTheTimeThatTheVisitGives() {
		this.then = (wanted) -> (this.visits.size() < 3) ? Duration.ofMillis(1) : LONG;
		this.loop.start();
		awaitVisits(false, false, false);
	}

	@Test
	void nudgeBringsTheNextVisitForward() {
		this.loop.start();
		awaitVisits(false);
		this.loop.nudge();
		awaitVisits(false, false);
	}

	@Test
	void nudgeDuringAVisitIsNotForgotten() {
		CountDownLatch go = new CountDownLatch(1);
		this.then = (wanted) -> {
			Latches.await(go);
			return LONG;
		};
		this.loop.start();
		awaitVisits(false);
		this.loop.nudge();
		go.countDown();
		awaitVisits(false, false);
	}

	@Test
	void wantedVisitBeginsAfterTheCall() {
		CountDownLatch go = new CountDownLatch(1);
		CountDownLatch goAgain = new CountDownLatch(1);
		this.then = (wanted) -> {
			Latches.await(wanted ? goAgain : go);
			return LONG;
		};
		this.loop.start();
		awaitVisits(false);
		Future<Void> visit = this.loop.want();
		assertThat(this.loop.want()).isSameAs(visit);
		go.countDown();
		await().until(() -> this.visits.contains(true));
		assertThat(visit).isNotDone();
		goAgain.countDown();
		assertThat(visit).succeedsWithin(SOON);
	}

	@Test
	void whatIsWantedBeforeTheStartIsNotForgotten() {
		Future<Void> visit = this.loop.want();
		this.loop.start();
		assertThat(visit).succeedsWithin(SOON);
		assertThat(this.visits).startsWith(true);
	}

	@Test
	void visitThatThrowsEndsNothing(CapturedOutput output) {
		this.then = (wanted) -> {
			throw new StackOverflowError("on purpose");
		};
		this.loop.start();
		awaitVisits(false);
		assertThat(this.loop.want()).succeedsWithin(SOON);
		assertThat(this.loop.want()).succeedsWithin(SOON);
		assertThat(this.visits).startsWith(false).contains(true);
		assertThat(output.getOut().lines().filter((line) -> line.contains("Visits continue"))).hasSize(1);
	}

	@Test
	void visitThatThrowsIsNotRepeatedAtOnce() {
		this.then = (wanted) -> {
			throw new IllegalStateException("on purpose");
		};
		this.loop.start();
		await().during(Duration.ofMillis(200)).until(() -> this.visits.size() <= 1);
		awaitVisits(false);
	}

	@Test
	void visitThatThrowsIsRepeatedWhenTheBackOffSays() {
		this.afterError = () -> Duration.ofSeconds(7);
		assertThat(sleepAfterError()).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void visitThatThrowsIsRepeatedAfterASecondAtTheEarliest() {
		this.afterError = () -> Duration.ofMillis(1);
		assertThat(sleepAfterError()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void visitThatThrowsIsRepeatedAfterASecondWhereTheBackOffThrowsToo() {
		this.afterError = () -> {
			throw new OutOfMemoryError("on purpose");
		};
		assertThat(sleepAfterError()).isEqualTo(Duration.ofSeconds(1));
	}

	/**
	 * Let two visits throw, and return for how long the loop has slept between them.
	 */
	private Duration sleepAfterError() {
		ManualTime frozen = new ManualTime();
		List<Long> sleeps = new CopyOnWriteArrayList<>();
		VisitLoop loop = new VisitLoop(NAME, "Visits continue", (wanted) -> {
			this.visits.add(wanted);
			throw new OutOfMemoryError("on purpose");
		}, this.afterError, frozen.time(), (nanos) -> {
			if (this.visits.size() < 2) {
				sleeps.add(nanos);
				frozen.pass(Duration.ofNanos(nanos));
			}
			else {
				TimeUnit.NANOSECONDS.sleep(nanos);
			}
		});
		loop.start();
		await().until(() -> this.visits.size() >= 2);
		loop.stop();
		return Duration.ofNanos(sleeps.stream().mapToLong(Long::longValue).sum());
	}

	@Test
	void sleepThatThrowsEndsNothingAndIsNoReasonForAVisit() {
		AtomicInteger failures = new AtomicInteger();
		this.sleep = (nanos) -> {
			failures.incrementAndGet();
			throw new OutOfMemoryError("on purpose");
		};
		this.loop.start();
		await().until(() -> failures.get() > 3);
		assertThat(this.visits).containsExactly(false);
		assertThat(this.loop.want()).succeedsWithin(SOON);
		assertThat(this.visits).startsWith(false, true);
		this.loop.stop();
		assertThat(isRunning()).isFalse();
		assertThat(this.loop.want()).isDone();
	}

	@Test
	void visitIsDueByTheClockWhereTheMonotonicOneStoodStill() {
		ManualTime frozen = new ManualTime();
		List<Long> sleeps = new CopyOnWriteArrayList<>();
		VisitLoop loop = new VisitLoop(NAME, "Visits continue", (wanted) -> {
			this.visits.add(wanted);
			return LONG;
		}, this.afterError, frozen.time(), (nanos) -> {
			sleeps.add(TimeUnit.NANOSECONDS.toSeconds(nanos));
			switch (sleeps.size()) {
				case 1 -> frozen.pass(Duration.ofNanos(nanos));
				case 2 -> frozen.step(Duration.ofMinutes(59).plusSeconds(1));
				case 3 -> frozen.step(Duration.ofMinutes(1));
				default -> TimeUnit.NANOSECONDS.sleep(nanos);
			}
		});
		loop.start();
		awaitVisits(false, false);
		loop.stop();
		assertThat(sleeps).startsWith(30L, 30L, 29L);
	}

	@Test
	void clockThatIsSetBackDelaysNothing() {
		ManualTime time = new ManualTime();
		VisitLoop loop = new VisitLoop(NAME, "Visits continue", (wanted) -> {
			this.visits.add(wanted);
			return (this.visits.size() == 1) ? Duration.ofSeconds(50) : LONG;
		}, this.afterError, time.time(), (nanos) -> {
			if (this.visits.size() == 1) {
				time.pass(Duration.ofNanos(nanos));
				time.step(Duration.ofHours(-2));
			}
			else {
				TimeUnit.NANOSECONDS.sleep(nanos);
			}
		});
		loop.start();
		awaitVisits(false, false);
		loop.stop();
	}

	@Test
	void stopEndsTheWaiting() {
		this.loop.start();
		awaitVisits(false);
		this.loop.stop();
		assertThat(isRunning()).isFalse();
		this.loop.nudge();
		assertThat(this.visits).hasSize(1);
	}

	@Test
	void stopInterruptsAVisitThatTakesTooLong() {
		this.then = (wanted) -> {
			Latches.await(new CountDownLatch(1));
			return Duration.ZERO;
		};
		this.loop.start();
		awaitVisits(false);
		Future<Void> visit = this.loop.want();
		this.loop.stop();
		assertThat(isRunning()).isFalse();
		assertThat(visit).isDone();
		assertThat(this.visits).hasSize(1);
	}

	@Test
	void nobodyWaitsForAVisitAfterTheEnd() {
		this.loop.start();
		this.loop.stop();
		assertThat(this.loop.want()).isDone();
	}

	@Test
	void nobodyWaitsForAVisitOfALoopThatWasStoppedBeforeItsStart() {
		Future<Void> visit = this.loop.want();
		this.loop.stop();
		this.loop.start();
		assertThat(visit).succeedsWithin(SOON);
		assertThat(this.loop.want()).isDone();
		assertThat(this.visits).isEmpty();
	}

	@Test
	void visitMayStopItsLoop() {
		this.then = (wanted) -> {
			this.loop.stop();
			return LONG;
		};
		this.loop.start();
		await().until(() -> !this.visits.isEmpty() && !isRunning());
		assertThat(this.visits).hasSize(1);
	}

	@Test
	void whoeverWantsAVisitWhileTheLoopStopsIsAnswered() throws Exception {
		this.then = (wanted) -> Duration.ofNanos(1);
		for (int i = 0; i < 200; i++) {
			VisitLoop loop = new VisitLoop(NAME, "Visits continue", this.then, this.afterError, this.time.time());
			loop.start();
			Thread stopping = new Thread(loop::stop);
			stopping.start();
			assertThat(loop.want()).succeedsWithin(SOON);
			assertThat(loop.want()).succeedsWithin(SOON);
			// another test looks for threads of this name
			stopping.join();
		}
	}

	private void awaitVisits(Boolean... expected) {
		await().untilAsserted(() -> assertThat(this.visits).containsExactly(expected));
	}

	private static boolean isRunning() {
		return !RunningThreads.named(NAME).isEmpty();
	}

}
