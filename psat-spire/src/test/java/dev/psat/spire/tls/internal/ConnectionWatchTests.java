package dev.psat.spire.tls.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.TestTime;
import dev.psat.concurrent.internal.Time;
import dev.psat.support.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionWatch}.
 */
class ConnectionWatchTests {

	private static final RepeatedError ERRORS = new RepeatedError(ConnectionWatchTests.class,
			"Open connections could not be looked at");

	private static final Duration IDLE = Duration.ofMinutes(1);

	private static final Duration MOMENT = Duration.ofMillis(1);

	private static final ConnectionWatch.Next NOTHING = new ConnectionWatch.Next(Instant.MAX, true, false);

	private final AtomicInteger sweeps = new AtomicInteger();

	private final AtomicReference<ConnectionWatch.Next> next = new AtomicReference<>(NOTHING);

	private final AtomicReference<@Nullable Error> failure = new AtomicReference<>();

	private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();

	private volatile Runnable meanwhile = () -> {
	};

	private final TestTime time = new TestTime();

	private final ConnectionWatch watch = new ConnectionWatch(this::sweep, this.time, IDLE, ERRORS);

	@AfterEach
	void close() {
		this.next.set(NOTHING);
		this.watch.close();
		this.time.settle();
		assertThat(isRunning()).isFalse();
	}

	@Test
	void thereIsNoThreadBeforeTheFirstConnection() {
		this.watch.wake();
		this.time.pass(IDLE);
		assertThat(this.sweeps).hasValue(0);
	}

	@Test
	void threadEndsOnceAfterTheLastConnectionAndComesBackWithTheNext() {
		for (int i = 0; i < 3; i++) {
			open(Instant.MAX);
			for (int j = 0; j < 5; j++) {
				this.watch.expect(Instant.MAX);
			}
			this.time.settle();
			Thread thread = this.thread.get();
			this.next.set(NOTHING);
			this.watch.wake();
			this.time.pass(IDLE.minus(MOMENT));
			assertThat(this.thread).hasValue(thread);
			assertThat(isRunning()).isTrue();
			this.time.pass(MOMENT);
			assertThat(this.thread).hasValue(thread);
			assertThat(isRunning()).isFalse();
		}
	}

	/**
	 * But for the case that somebody has set the clock.
	 */
	@Test
	void nobodyLooksAtConnectionsForWhichNothingIsDue() {
		expect(this.time.now().plusSeconds(3_600));
		this.time.pass(Duration.ofSeconds(30).minus(MOMENT));
		assertThat(this.sweeps).hasValue(1);
		this.time.pass(MOMENT);
		assertThat(this.sweeps).hasValue(2);
	}

	@Test
	void whereNobodyTellsOfChangesConnectionsAreLookedAtEachSecond() {
		this.next.set(new ConnectionWatch.Next(Instant.MAX, false, true));
		this.watch.expect(Instant.MAX);
		for (int i = 1; i < 4; i++) {
			this.time.pass(Duration.ofSeconds(1).minus(MOMENT));
			assertThat(this.sweeps).hasValue(i);
			this.time.pass(MOMENT);
		}
	}

	/**
	 * In which it may still be used.
	 */
	@Test
	void connectionIsLookedAtWhenItsTimeIsUp() {
		expect(this.time.now().plusSeconds(3_600));
		this.time.settle();
		expect(this.time.now().plusMillis(300));
		this.time.settle();
		assertThat(this.sweeps).hasValue(2);
		open(this.time.now().plusSeconds(3_600));
		this.time.pass(Duration.ofMillis(300));
		assertThat(this.sweeps).hasValue(2);
		this.time.pass(MOMENT);
		assertThat(this.sweeps).hasValue(3);
	}

	/**
	 * It would be looked at again for ever, since others come during the next look.
	 */
	@Test
	void connectionThatComesDuringALookMakesNoOtherButIsNotForgotten() {
		Instant due = this.time.now().plusSeconds(1);
		this.meanwhile = () -> {
			if (this.time.now().isBefore(due)) {
				this.watch.expect(due);
			}
		};
		expect(Instant.MAX);
		this.time.pass(Duration.ofSeconds(1));
		assertThat(this.sweeps).hasValue(1);
		this.time.pass(MOMENT);
		assertThat(this.sweeps).hasValue(2);
	}

	@Test
	@Timeout(Patience.SECONDS)
	void whoeverComesWhileTheThreadEndsIsLookedAt() {
		ConnectionWatch ending = new ConnectionWatch(this::sweep, Time.ofSystem(), Duration.ZERO, ERRORS);
		for (int i = 0; i < 200; i++) {
			awaitSweep(() -> ending.expect(Instant.MAX));
		}
	}

	@Test
	@Timeout(Patience.SECONDS)
	void wakeIsNeverLost() {
		expect(Instant.MAX);
		for (int i = 0; i < 200; i++) {
			awaitSweep(this.watch::wake);
		}
	}

	private void awaitSweep(Runnable cause) {
		int before = this.sweeps.get();
		cause.run();
		while (this.sweeps.get() == before) {
			Thread.yield();
		}
	}

	@Test
	void threadSurvivesErrorsAndLooksAgainInASecond() {
		this.failure.set(new OutOfMemoryError("on purpose"));
		expect(Instant.MAX);
		this.time.pass(Duration.ofSeconds(3).minus(MOMENT));
		assertThat(this.sweeps).hasValue(3);
		Thread thread = this.thread.get();
		this.failure.set(null);
		this.time.pass(MOMENT);
		assertThat(this.sweeps).hasValue(4);
		assertThat(this.thread).hasValue(thread);
		assertThat(isRunning()).isTrue();
	}

	@Test
	void clockThatFailsDoesNotMakeTheThreadSpin() {
		open(Instant.MAX);
		this.time.setClockFailing(true);
		this.watch.expect(Instant.MAX);
		this.time.pass(Duration.ofMillis(1_500));
		assertThat(this.sweeps).hasValue(1);
		this.time.setClockFailing(false);
		int failed = this.sweeps.get();
		this.watch.wake();
		this.time.pass(Duration.ofSeconds(1));
		assertThat(this.sweeps).hasValueGreaterThan(failed);
	}

	@Test
	void clockThatIsSetBackDelaysNothingThatIsTold() {
		expect(this.time.now().plusSeconds(10));
		this.time.settle();
		this.time.setAhead(Duration.ofDays(-1));
		this.watch.wake();
		this.time.settle();
		assertThat(this.sweeps).hasValue(2);
	}

	private void expect(Instant due) {
		open(due);
		this.watch.expect(due);
	}

	private void open(Instant due) {
		this.next.set(new ConnectionWatch.Next(due, true, true));
	}

	private boolean isRunning() {
		Thread thread = this.thread.get();
		return thread != null && thread.isAlive();
	}

	private ConnectionWatch.Next sweep() {
		this.thread.set(Thread.currentThread());
		this.meanwhile.run();
		this.sweeps.incrementAndGet();
		Error failure = this.failure.get();
		if (failure != null) {
			throw failure;
		}
		return this.next.get();
	}

}
