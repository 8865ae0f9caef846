package dev.psat.spire.tls.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Time;
import dev.psat.support.MutableClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ConnectionWatch}.
 */
class ConnectionWatchTests {

	private static final RepeatedError ERRORS = new RepeatedError(ConnectionWatchTests.class,
			"Open connections could not be looked at");

	private static final Duration IDLE = Duration.ofMillis(200);

	private static final ConnectionWatch.Next NOTHING = new ConnectionWatch.Next(Instant.MAX, true, false);

	private final AtomicInteger sweeps = new AtomicInteger();

	private final AtomicReference<ConnectionWatch.Next> next = new AtomicReference<>(NOTHING);

	private final AtomicReference<@Nullable Error> failure = new AtomicReference<>();

	private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();

	private volatile long lastOpen;

	private volatile Runnable meanwhile = () -> {
	};

	@Test
	void thereIsNoThreadBeforeTheFirstConnection() {
		ConnectionWatch watch = watch(Clock.systemUTC());
		watch.wake();
		assertThat(this.sweeps).hasValue(0);
		assertThat(this.thread).hasValue(null);
	}

	@Test
	void threadEndsOnceAfterTheLastConnectionAndComesBackWithTheNext() {
		ConnectionWatch watch = watch(Clock.systemUTC());
		for (int i = 0; i < 3; i++) {
			open(Instant.MAX);
			for (int j = 0; j < 5; j++) {
				watch.expect(Instant.MAX);
			}
			Registry.awaiting().until(() -> this.thread.get() != null);
			Thread thread = Objects.requireNonNull(this.thread.get());
			this.next.set(NOTHING);
			watch.wake();
			Registry.awaiting().until(() -> !thread.isAlive());
			assertThat(System.nanoTime() - this.lastOpen).isGreaterThanOrEqualTo(IDLE.toNanos());
			assertThat(this.thread.getAndSet(null)).isSameAs(thread);
		}
	}

	@Test
	void nobodyLooksAtConnectionsForWhichNothingIsDue() {
		ConnectionWatch watch = watch(Clock.systemUTC());
		open(Instant.now().plusSeconds(3_600));
		watch.expect(Instant.now().plusSeconds(3_600));
		await().during(Duration.ofMillis(1_500)).untilAsserted(() -> assertThat(this.sweeps).hasValueBetween(0, 3));
		end(watch);
	}

	@Test
	void whereNobodyTellsOfChangesConnectionsAreLookedAtEachSecond() {
		ConnectionWatch watch = watch(Clock.systemUTC());
		this.next.set(new ConnectionWatch.Next(Instant.MAX, false, true));
		watch.expect(Instant.MAX);
		Registry.awaiting().until(() -> this.sweeps.get() >= 4);
		end(watch);
	}

	@Test
	void connectionIsLookedAtWhenItsTimeIsUp() {
		ConnectionWatch watch = watch(Clock.systemUTC());
		open(Instant.now().plusSeconds(3_600));
		watch.expect(Instant.now().plusSeconds(3_600));
		Registry.awaiting().until(() -> this.sweeps.get() > 0);
		Instant due = Instant.now().plusMillis(300);
		open(due);
		watch.expect(due);
		this.meanwhile = () -> {
			if (Instant.now().isAfter(due)) {
				open(Instant.now().plusSeconds(3_600));
			}
		};
		Registry.awaiting().until(() -> this.next.get().due().isAfter(due));
		assertThat(Instant.now()).isAfter(due);
		end(watch);
	}

	/**
	 * It would be looked at again for ever, since others come during the next look.
	 */
	@Test
	void connectionThatComesDuringALookMakesNoOtherButIsNotForgotten() {
		ConnectionWatch watch = watch(Clock.systemUTC());
		Instant due = Instant.now().plusSeconds(1);
		this.next.set(new ConnectionWatch.Next(Instant.MAX, true, true));
		this.meanwhile = () -> {
			if (Instant.now().isBefore(due)) {
				watch.expect(due);
			}
		};
		watch.expect(Instant.MAX);
		Registry.awaiting().until(() -> Instant.now().isAfter(due) && this.sweeps.get() >= 2);
		assertThat(this.sweeps).hasValueBetween(2, 5);
		end(watch);
	}

	@Test
	void whoeverComesWhileTheThreadEndsIsLookedAt() {
		ConnectionWatch watch = new ConnectionWatch(this::sweep, Time.ofSystem(), Duration.ZERO, ERRORS);
		for (int i = 0; i < 2_000; i++) {
			int before = this.sweeps.get();
			watch.expect(Instant.MAX);
			Registry.awaiting().pollInterval(Duration.ofNanos(1_000)).until(() -> this.sweeps.get() > before);
		}
	}

	@Test
	void wakeIsNeverLost() {
		ConnectionWatch watch = watch(Clock.systemUTC());
		open(Instant.MAX);
		watch.expect(Instant.MAX);
		for (int i = 0; i < 2_000; i++) {
			int before = this.sweeps.get();
			watch.wake();
			Registry.awaiting().pollInterval(Duration.ofNanos(1_000)).until(() -> this.sweeps.get() > before);
		}
		end(watch);
	}

	@Test
	void threadSurvivesErrorsAndLooksAgainInASecond() {
		ConnectionWatch watch = watch(Clock.systemUTC());
		open(Instant.MAX);
		this.failure.set(new OutOfMemoryError("on purpose"));
		watch.expect(Instant.MAX);
		Registry.awaiting().until(() -> this.sweeps.get() >= 3);
		Thread thread = Objects.requireNonNull(this.thread.get());
		this.failure.set(null);
		int failed = this.sweeps.get();
		Registry.awaiting().until(() -> this.sweeps.get() > failed);
		assertThat(this.thread).hasValue(thread);
		assertThat(thread.isAlive()).isTrue();
		end(watch);
	}

	@Test
	void clockThatFailsDoesNotMakeTheThreadSpin() {
		MutableClock clock = MutableClock.running();
		ConnectionWatch watch = watch(clock);
		open(Instant.MAX);
		clock.setFailing(true);
		watch.expect(Instant.MAX);
		await().during(Duration.ofMillis(1_500)).untilAsserted(() -> assertThat(this.sweeps).hasValueBetween(0, 6));
		clock.setFailing(false);
		int failed = this.sweeps.get();
		watch.wake();
		Registry.awaiting().until(() -> this.sweeps.get() > failed);
		end(watch);
	}

	@Test
	void clockThatIsSetBackDelaysNothingThatIsTold() {
		MutableClock clock = MutableClock.running();
		ConnectionWatch watch = watch(clock);
		open(clock.instant().plusSeconds(10));
		watch.expect(clock.instant().plusSeconds(10));
		clock.advance(Duration.ofDays(-1));
		Registry.awaiting().until(() -> this.sweeps.get() > 0);
		int before = this.sweeps.get();
		watch.wake();
		Registry.awaiting().until(() -> this.sweeps.get() > before);
		end(watch);
	}

	private void open(Instant due) {
		this.next.set(new ConnectionWatch.Next(due, true, true));
	}

	private void end(ConnectionWatch watch) {
		this.meanwhile = () -> {
		};
		this.next.set(NOTHING);
		watch.wake();
		Registry.awaiting().until(() -> {
			Thread thread = this.thread.get();
			return thread == null || !thread.isAlive();
		});
	}

	private ConnectionWatch watch(Clock clock) {
		return new ConnectionWatch(this::sweep, Time.of(clock), IDLE, ERRORS);
	}

	private ConnectionWatch.Next sweep() {
		this.thread.set(Thread.currentThread());
		this.meanwhile.run();
		this.sweeps.incrementAndGet();
		Error failure = this.failure.get();
		if (failure != null) {
			throw failure;
		}
		ConnectionWatch.Next next = this.next.get();
		if (next.isAnythingOpen()) {
			this.lastOpen = System.nanoTime();
		}
		return next;
	}

}
