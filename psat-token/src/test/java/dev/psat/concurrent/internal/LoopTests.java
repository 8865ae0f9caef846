package dev.psat.concurrent.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.Loop.Cue;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

	private final List<Long> moments = new CopyOnWriteArrayList<>();

	private final TestTime time = new TestTime();

	private volatile Loop.Sleep sleep = this::sleep;

	private volatile ThreadFactory threads = (work) -> Threads.create(NAME, work);

	private final Loop loop = new Loop((work) -> this.threads.newThread(work), new Turns(),
			new RepeatedError(LoopTests.class, "The loop continues"), this.time, (nanos) -> this.sleep.sleep(nanos));

	private boolean sleep(long nanos) throws InterruptedException {
		this.time.sleep(nanos);
		return false;
	}

	@AfterEach
	void close() {
		this.loop.close();
		this.time.settle();
	}

	@Test
	void takesATurnAtOnceAndAgainAfterEachPause() {
		this.then = (cue) -> (this.turns.size() < 3) ? Duration.ofMinutes(15) : LONG;
		this.loop.start();
		awaitTurns(Cue.DUE);
		this.time.pass(Duration.ofMinutes(30));
		assertTurns(Cue.DUE, Cue.DUE, Cue.DUE);
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
		CompletableFuture<Void> go = new CompletableFuture<>();
		this.then = (cue) -> {
			this.time.hang(go);
			return LONG;
		};
		this.loop.start();
		awaitTurns(Cue.DUE);
		this.loop.nudge();
		go.complete(null);
		awaitTurns(Cue.DUE, Cue.NUDGED);
	}

	@Test
	void sleepThatNoticesSomethingBringsTheNextTurnForward() {
		this.sleep = (nanos) -> this.turns.size() == 1 || sleep(nanos);
		this.loop.start();
		awaitTurns(Cue.DUE, Cue.NUDGED);
	}

	@Test
	void turnCanBeDueForAnotherReasonThanTime() {
		this.sleep = (nanos) -> sleep(Math.min(nanos, 1_000_000));
		this.loop.start();
		awaitTurns(Cue.DUE);
		this.then = (cue) -> {
			this.due = false;
			return LONG;
		};
		this.due = true;
		this.time.pass(Duration.ofMillis(1));
		assertTurns(Cue.DUE, Cue.DUE);
	}

	@Test
	void wantedTurnBeginsAfterTheCall() {
		CompletableFuture<Void> go = new CompletableFuture<>();
		CompletableFuture<Void> goAgain = new CompletableFuture<>();
		this.then = (cue) -> {
			this.time.hang((cue == Cue.WANTED) ? goAgain : go);
			return LONG;
		};
		this.loop.start();
		awaitTurns(Cue.DUE);
		Future<Void> turn = this.loop.want();
		assertThat(this.loop.want()).isSameAs(turn);
		go.complete(null);
		awaitTurns(Cue.DUE, Cue.WANTED);
		assertThat(turn).isNotDone();
		goAgain.complete(null);
		assertThat(turn).succeedsWithin(SOON);
	}

	@Test
	void turnsGoOnForWhoeverWantsOneUntilOneIsConclusive() {
		this.conclusive = false;
		this.then = (cue) -> Duration.ofMillis(1);
		Future<Void> turn = this.loop.want();
		this.time.pass(Duration.ofMillis(3));
		assertThat(this.turns).hasSize(4);
		Future<Void> later = this.loop.want();
		this.time.settle();
		assertThat(turn).isNotDone();
		assertThat(later).isNotDone();
		this.conclusive = true;
		this.time.pass(Duration.ofMillis(1));
		assertThat(turn).succeedsWithin(SOON);
		assertThat(later).succeedsWithin(SOON);
	}

	@Test
	void threadEndsWhenATurnAsksForNoOther() {
		this.then = (cue) -> null;
		for (int i = 1; i <= 3; i++) {
			assertThat(this.loop.want()).succeedsWithin(SOON);
			this.time.settle();
			assertThat(isRunning()).isFalse();
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
			this.time.settle();
			assertThat(this.turns).hasSize(2 * i);
		}
	}

	@Test
	@Timeout(Patience.SECONDS)
	void whoeverStartsHasATurn() {
		this.then = (cue) -> null;
		for (int i = 0; i < 2_000; i++) {
			int before = this.turns.size();
			this.loop.start();
			while (this.turns.size() == before) {
				Thread.onSpinWait();
			}
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
		this.then = (cue) -> {
			throw new OutOfMemoryError("on purpose");
		};
		this.loop.start();
		this.time.pass(Duration.ofSeconds(10));
		return Duration.ofNanos(this.moments.get(1) - this.moments.get(0));
	}

	@Test
	void sleepThatThrowsEndsNothingAndIsNoReasonForATurn() {
		AtomicInteger failures = new AtomicInteger();
		this.sleep = (nanos) -> {
			failures.incrementAndGet();
			throw new OutOfMemoryError("on purpose");
		};
		this.loop.start();
		this.time.pass(Duration.ofSeconds(1));
		assertThat(failures).hasValueGreaterThan(3);
		assertThat(this.turns).containsExactly(Cue.DUE);
		Future<Void> turn = this.loop.want();
		this.time.pass(Duration.ofSeconds(1));
		assertThat(turn).isDone();
		assertThat(this.turns).startsWith(Cue.DUE, Cue.WANTED);
	}

	@Test
	void clockThatFailsIsNoReasonForATurn() {
		this.loop.start();
		awaitTurns(Cue.DUE);
		this.time.setClockFailing(true);
		this.loop.nudge();
		this.time.pass(Duration.ofSeconds(1));
		assertTurns(Cue.DUE, Cue.NUDGED);
		this.time.setClockFailing(false);
		Future<Void> turn = this.loop.want();
		this.time.pass(Duration.ofSeconds(1));
		assertThat(turn).isDone();
	}

	@Test
	void turnIsDueByTheClockWhereTheMonotonicOneStoodStill() {
		this.loop.start();
		awaitTurns(Cue.DUE);
		this.time.setAhead(LONG);
		this.time.pass(Duration.ofMillis(29_999));
		assertTurns(Cue.DUE);
		this.time.pass(Duration.ofMillis(1));
		assertTurns(Cue.DUE, Cue.DUE);
	}

	@Test
	void clockThatIsSetBackDelaysNothing() {
		this.then = (cue) -> Duration.ofSeconds(50);
		this.loop.start();
		awaitTurns(Cue.DUE);
		this.time.setAhead(Duration.ofHours(-2));
		this.time.pass(Duration.ofMillis(49_999));
		assertTurns(Cue.DUE);
		this.time.pass(Duration.ofMillis(1));
		assertTurns(Cue.DUE, Cue.DUE);
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
		this.time.settle();
		assertThat(this.turns).hasSize(2);
	}

	@Test
	void stopInterruptsATurnThatTakesTooLong() {
		this.then = (cue) -> {
			this.time.hang(new CompletableFuture<>());
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
		await().until(() -> this.turns.size() == 1);
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
		this.time.settle();
		assertThat(isRunning()).isFalse();
		assertThat(this.turns).hasSize(1);
	}

	@Test
	void whoeverWantsATurnWhileTheLoopEndsIsAnswered() throws Exception {
		this.then = (cue) -> Duration.ofNanos(1);
		for (int i = 0; i < 200; i++) {
			Loop loop = new Loop(NAME, new Turns(), new RepeatedError(LoopTests.class, "on purpose"), Time.ofSystem());
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
		this.time.settle();
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
		this.time.settle();
		assertTurns(expected);
	}

	private void assertTurns(Cue... expected) {
		assertThat(this.turns).containsExactly(expected);
	}

	private static boolean isRunning() {
		return !RunningThreads.named(NAME).isEmpty();
	}

	private final class Turns implements Loop.Turns {

		@Override
		public @Nullable Duration take(Cue cue) throws Exception {
			LoopTests.this.moments.add(LoopTests.this.time.nanos());
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

}
