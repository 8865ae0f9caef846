package dev.psat.concurrent.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.Loop.Cue;
import dev.psat.support.Latches;
import dev.psat.support.MutableClock;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Loop}.
 */
@ExtendWith(OutputCaptureExtension.class)
class LoopTests {

	private static final String NAME = "loop-under-test";

	private static final Duration LONG = Duration.ofHours(1);

	private static final Duration SOON = Patience.LIMIT;

	private final List<Cue> turns = new CopyOnWriteArrayList<>();

	private final AtomicInteger rests = new AtomicInteger();

	private volatile Turn then = (cue) -> LONG;

	private volatile Supplier<Duration> afterError = () -> LONG;

	private volatile boolean conclusive = true;

	private volatile boolean due;

	private final MutableClock clock = MutableClock.running();

	private final AtomicLong nanosAhead = new AtomicLong();

	private volatile Loop.Sleep sleep = Loop.Sleep.OF_SYSTEM;

	private volatile ThreadFactory threads = (work) -> Threads.create(NAME, work);

	private final Loop loop = new Loop((work) -> this.threads.newThread(work), new Turns(),
			new RepeatedError(LoopTests.class, "The loop continues"), time(this.clock));

	private Loop.Time time(Clock clock) {
		return new Loop.Time(clock, () -> System.nanoTime() + this.nanosAhead.get(),
				(nanos) -> this.sleep.sleep(nanos));
	}

	@AfterEach
	void close() {
		this.loop.close();
		await().until(() -> !isRunning());
	}

	@Test
	void takesATurnAtOnceAndAgainAfterEachPause() {
		this.then = (cue) -> (this.turns.size() < 3) ? Duration.ofMillis(1) : LONG;
		this.loop.start();
		awaitTurns(Cue.DUE, Cue.DUE, Cue.DUE);
	}

	@Test
	void nudgeBringsTheNextTurnForward() {
		this.loop.start();
		awaitTurns(Cue.DUE);
		this.loop.nudge();
		awaitTurns(Cue.DUE, Cue.NUDGED);
	}

	@Test
	void nudgeDuringATurnIsNotForgotten() {
		CountDownLatch go = new CountDownLatch(1);
		this.then = (cue) -> {
			Latches.await(go);
			return LONG;
		};
		this.loop.start();
		awaitTurns(Cue.DUE);
		this.loop.nudge();
		go.countDown();
		awaitTurns(Cue.DUE, Cue.NUDGED);
	}

	@Test
	void sleepThatNoticesSomethingBringsTheNextTurnForward() {
		this.sleep = (nanos) -> this.turns.size() == 1 || Loop.Sleep.OF_SYSTEM.sleep(nanos);
		this.loop.start();
		awaitTurns(Cue.DUE, Cue.NUDGED);
	}

	@Test
	void turnCanBeDueForAnotherReasonThanTime() {
		this.sleep = (nanos) -> Loop.Sleep.OF_SYSTEM.sleep(Math.min(nanos, 1_000_000));
		this.loop.start();
		awaitTurns(Cue.DUE);
		this.then = (cue) -> {
			this.due = false;
			return LONG;
		};
		this.due = true;
		awaitTurns(Cue.DUE, Cue.DUE);
	}

	@Test
	void wantedTurnBeginsAfterTheCall() {
		CountDownLatch go = new CountDownLatch(1);
		CountDownLatch goAgain = new CountDownLatch(1);
		this.then = (cue) -> {
			Latches.await((cue == Cue.WANTED) ? goAgain : go);
			return LONG;
		};
		this.loop.start();
		awaitTurns(Cue.DUE);
		Future<Void> turn = this.loop.want();
		assertThat(this.loop.want()).isSameAs(turn);
		go.countDown();
		await().until(() -> this.turns.contains(Cue.WANTED));
		assertThat(turn).isNotDone();
		goAgain.countDown();
		assertThat(turn).succeedsWithin(SOON);
	}

	@Test
	void turnsGoOnForWhoeverWantsOneUntilOneIsConclusive() {
		this.conclusive = false;
		this.then = (cue) -> Duration.ofMillis(1);
		Future<Void> turn = this.loop.want();
		await().until(() -> this.turns.size() > 3);
		Future<Void> later = this.loop.want();
		assertThat(turn).isNotDone();
		assertThat(later).isNotDone();
		this.conclusive = true;
		assertThat(turn).succeedsWithin(SOON);
		assertThat(later).succeedsWithin(SOON);
	}

	@Test
	void threadEndsWhenATurnAsksForNoOther() {
		this.then = (cue) -> null;
		for (int i = 1; i <= 3; i++) {
			assertThat(this.loop.want()).succeedsWithin(SOON);
			await().until(() -> !isRunning());
			assertThat(this.turns).hasSize(i).containsOnly(Cue.WANTED);
			assertThat(this.rests).hasValue(i);
		}
	}

	@Test
	void startWhileTheThreadIsAboutToEndIsNotLost() {
		this.then = (cue) -> {
			if (this.turns.size() % 2 == 1) {
				this.loop.start();
			}
			return null;
		};
		for (int i = 1; i <= 200; i++) {
			assertThat(this.loop.want()).succeedsWithin(SOON);
			int expected = 2 * i;
			await().pollInterval(Duration.ofMillis(1)).until(() -> this.turns.size() == expected && !isRunning());
		}
	}

	@Test
	void whoeverStartsHasATurn() {
		this.then = (cue) -> null;
		for (int i = 0; i < 2_000; i++) {
			int before = this.turns.size();
			this.loop.start();
			await().pollInterval(Duration.ofNanos(1_000)).until(() -> this.turns.size() > before);
		}
	}

	@Test
	void startBringsNoTurnForward() {
		this.loop.start();
		awaitTurns(Cue.DUE);
		this.loop.start();
		this.loop.nudge();
		awaitTurns(Cue.DUE, Cue.NUDGED);
	}

	@Test
	void turnThatThrowsEndsNothing(CapturedOutput output) {
		this.then = (cue) -> {
			throw new OutOfMemoryError("on purpose");
		};
		this.loop.start();
		awaitTurns(Cue.DUE);
		assertThat(this.loop.want()).succeedsWithin(SOON);
		assertThat(this.loop.want()).succeedsWithin(SOON);
		assertThat(this.turns).containsExactly(Cue.DUE, Cue.WANTED, Cue.WANTED);
		assertThat(output.getOut().lines().filter((line) -> line.contains("The loop continues"))).hasSize(1);
	}

	@Test
	void turnThatThrowsIsRepeatedWhenTheTurnsSay() {
		this.afterError = () -> Duration.ofSeconds(7);
		assertThat(sleepAfterError()).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void turnThatThrowsIsRepeatedAfterASecondAtTheEarliest() {
		this.afterError = () -> Duration.ofMillis(1);
		assertThat(sleepAfterError()).isEqualTo(Duration.ofSeconds(1));
	}

	/**
	 * As with a full heap: the handling of an error fails as well.
	 */
	@Test
	void turnThatThrowsIsRepeatedAfterASecondWhereNobodyCanSay() {
		this.afterError = () -> {
			throw new OutOfMemoryError("on purpose");
		};
		assertThat(sleepAfterError()).isEqualTo(Duration.ofSeconds(1));
	}

	/**
	 * Let two turns throw, and return for how long the loop has slept between them.
	 */
	private Duration sleepAfterError() {
		Stepped time = new Stepped(() -> this.turns.size() < 2, Duration.ZERO);
		Loop loop = new Loop(NAME, new Turns(), new RepeatedError(LoopTests.class, "on purpose"), time.time());
		this.then = (cue) -> {
			throw new OutOfMemoryError("on purpose");
		};
		loop.start();
		await().until(() -> this.turns.size() >= 2);
		loop.close();
		return Duration.ofNanos(time.slept.stream().mapToLong(Long::longValue).sum());
	}

	@Test
	void sleepThatThrowsEndsNothingAndIsNoReasonForATurn() {
		AtomicInteger failures = new AtomicInteger();
		this.sleep = (nanos) -> {
			failures.incrementAndGet();
			throw new OutOfMemoryError("on purpose");
		};
		this.loop.start();
		await().until(() -> failures.get() > 3);
		assertThat(this.turns).containsExactly(Cue.DUE);
		assertThat(this.loop.want()).succeedsWithin(SOON);
		assertThat(this.turns).startsWith(Cue.DUE, Cue.WANTED);
	}

	@Test
	void clockThatFailsIsNoReasonForATurn() {
		this.loop.start();
		awaitTurns(Cue.DUE);
		this.clock.setFailing(true);
		this.loop.nudge();
		awaitTurns(Cue.DUE, Cue.NUDGED);
		await().during(Duration.ofMillis(200)).until(() -> this.turns.size() == 2);
		this.clock.setFailing(false);
		assertThat(this.loop.want()).succeedsWithin(SOON);
	}

	@Test
	void turnIsDueByTheClockWhereTheMonotonicOneStoodStill() {
		Stepped time = new Stepped(() -> this.turns.size() < 2, Duration.ofHours(1));
		Loop loop = new Loop(NAME, new Turns(), new RepeatedError(LoopTests.class, "on purpose"), time.time());
		loop.start();
		awaitTurns(Cue.DUE, Cue.DUE);
		loop.close();
		assertThat(time.slept).startsWith(TimeUnit.SECONDS.toNanos(30));
		assertThat(time.slept.stream().mapToLong(Long::longValue).sum()).isLessThanOrEqualTo(LONG.toNanos() / 10);
	}

	@Test
	void clockThatIsSetBackDelaysNothing() {
		Stepped time = new Stepped(() -> this.turns.size() < 2, Duration.ofHours(-2));
		Loop loop = new Loop(NAME, new Turns(), new RepeatedError(LoopTests.class, "on purpose"), time.time());
		this.then = (cue) -> (this.turns.size() == 1) ? Duration.ofSeconds(50) : LONG;
		loop.start();
		awaitTurns(Cue.DUE, Cue.DUE);
		loop.close();
		assertThat(time.slept).startsWith(TimeUnit.SECONDS.toNanos(30), TimeUnit.SECONDS.toNanos(20));
	}

	@Test
	void stopEndsThePauseAndTheThreadUntilAnotherStart() {
		this.loop.start();
		awaitTurns(Cue.DUE);
		this.loop.stop();
		assertThat(isRunning()).isFalse();
		assertThat(this.rests).hasValue(1);
		this.loop.nudge();
		assertThat(this.turns).hasSize(1);
		this.loop.start();
		await().until(() -> this.turns.size() == 2);
	}

	@Test
	void stopInterruptsATurnThatTakesTooLong() {
		this.then = (cue) -> {
			Latches.await(new CountDownLatch(1));
			return Duration.ZERO;
		};
		this.loop.start();
		awaitTurns(Cue.DUE);
		Future<Void> turn = this.loop.want();
		this.loop.stop();
		assertThat(isRunning()).isFalse();
		assertThat(turn).isDone();
		assertThat(this.turns).hasSize(1);
	}

	@Test
	void startWhileATurnIgnoresTheStopGoesOnWithTheSameThread() {
		CountDownLatch go = new CountDownLatch(1);
		AtomicBoolean interrupted = new AtomicBoolean();
		this.then = (cue) -> {
			while (this.turns.size() == 1 && go.getCount() > 0) {
				interrupted.compareAndSet(false, Thread.interrupted());
				Thread.onSpinWait();
			}
			return LONG;
		};
		this.loop.start();
		awaitTurns(Cue.DUE);
		List<Thread> before = RunningThreads.named(NAME);
		this.loop.stop();
		assertThat(interrupted).isTrue();
		this.loop.start();
		go.countDown();
		assertThat(this.loop.want()).succeedsWithin(SOON);
		assertThat(RunningThreads.named(NAME)).isEqualTo(before);
	}

	@Test
	void thereIsNoTurnAfterTheEnd() {
		this.loop.start();
		this.loop.close();
		int turns = this.turns.size();
		assertThat(this.loop.want()).isDone();
		this.loop.start();
		assertThat(isRunning()).isFalse();
		assertThat(this.turns).hasSize(turns);
	}

	@Test
	void turnMayEndItsLoop() {
		this.then = (cue) -> {
			this.loop.close();
			return LONG;
		};
		this.loop.start();
		await().until(() -> !this.turns.isEmpty() && !isRunning());
		assertThat(this.turns).hasSize(1);
	}

	@Test
	void whoeverWantsATurnWhileTheLoopEndsIsAnswered() throws Exception {
		this.then = (cue) -> Duration.ofNanos(1);
		for (int i = 0; i < 200; i++) {
			Loop loop = new Loop(NAME, new Turns(), new RepeatedError(LoopTests.class, "on purpose"),
					Loop.Time.of(Clock.systemUTC()));
			loop.start();
			Thread closing = new Thread(loop::close);
			closing.start();
			assertThat(loop.want()).succeedsWithin(SOON);
			assertThat(loop.want()).succeedsWithin(SOON);
			closing.join();
		}
	}

	@Test
	void threadThatDiedIsReplaced() {
		this.threads = (work) -> Threads.create(NAME, () -> {
			// dies before it has done anything
		});
		Future<Void> lost = this.loop.want();
		await().until(() -> !isRunning());
		assertThat(lost).isNotDone();
		this.threads = (work) -> Threads.create(NAME, work);
		assertThat(this.loop.want()).succeedsWithin(SOON);
		assertThat(lost).isDone();
		assertThat(this.turns).hasSize(1);
	}

	@Test
	void startThatGetsNoThreadChangesNothing() {
		this.threads = (work) -> {
			throw new OutOfMemoryError("unable to create native thread: on purpose");
		};
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this.loop::start);
		this.threads = (work) -> Threads.create(NAME, work);
		this.loop.start();
		awaitTurns(Cue.DUE);
	}

	private void awaitTurns(Cue... expected) {
		await().untilAsserted(() -> assertThat(this.turns).containsExactly(expected));
	}

	private static boolean isRunning() {
		return !RunningThreads.named(NAME).isEmpty();
	}

	private final class Turns implements Loop.Turns {

		@Override
		public @Nullable Duration take(Cue cue) throws Exception {
			LoopTests.this.turns.add(cue);
			return LoopTests.this.then.take(cue);
		}

		@Override
		public Duration afterError() {
			return LoopTests.this.afterError.get();
		}

		@Override
		public boolean isConclusive() {
			return LoopTests.this.conclusive;
		}

		@Override
		public boolean isDue() {
			return LoopTests.this.due;
		}

		@Override
		public void rest() {
			LoopTests.this.rests.incrementAndGet();
		}

	}

	private interface Turn {

		@Nullable Duration take(Cue cue) throws Exception;

	}

	/**
	 * Time that only passes in sleeps, while a test lets it, and whose clock is set in
	 * the second of these.
	 */
	private static final class Stepped {

		private final MutableClock clock = new MutableClock();

		private final List<Long> slept = new CopyOnWriteArrayList<>();

		private final Supplier<Boolean> steps;

		private final Duration set;

		private volatile long nanos;

		Stepped(Supplier<Boolean> steps, Duration set) {
			this.steps = steps;
			this.set = set;
		}

		Loop.Time time() {
			return new Loop.Time(this.clock, () -> this.nanos, this::sleep);
		}

		private boolean sleep(long nanos) throws InterruptedException {
			if (!this.steps.get()) {
				return Loop.Sleep.OF_SYSTEM.sleep(nanos);
			}
			this.slept.add(nanos);
			this.nanos += nanos;
			this.clock.advance(Duration.ofNanos(nanos));
			if (this.slept.size() == 2) {
				this.clock.advance(this.set);
			}
			return false;
		}

	}

}
