package dev.psat.spire.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import dev.psat.concurrent.internal.InterruptibleWait;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Threads;
import dev.psat.spire.SpireIdentity;
import org.jspecify.annotations.Nullable;

/**
 * The thread that repeatedly visits the server. A visit is due when its time has come by
 * either clock: the monotonic one may stand still while a machine is suspended, but SVIDs
 * expire nevertheless.
 */
public final class VisitLoop {

	private static final Duration STOP_PATIENCE = Duration.ofMillis(500);

	private static final long SHORTEST_PAUSE_AFTER_ERROR = TimeUnit.SECONDS.toNanos(1);

	private static final Duration LONGEST_SLEEP = Duration.ofSeconds(30);

	private final Visits visits;

	private final Supplier<Duration> afterError;

	private final Time time;

	private final Sleep sleep;

	// created here, since there may be no memory left when it is needed
	private final InterruptibleWait.Wait untilDue = this::sleepUntilDue;

	private final RepeatedError repeatedError;

	private final InterruptibleWait waiting = new InterruptibleWait();

	private final Thread thread;

	private final AtomicReference<@Nullable CompletableFuture<Void>> wanted = new AtomicReference<>();

	private volatile boolean stopping;

	private long visitedAt;

	private long visitedAtMillis;

	private long pause;

	/**
	 * Create a loop.
	 * @param name the name of its thread
	 * @param what what goes on after an error, for the log
	 * @param visits the visits
	 * @param afterError supplies how long to wait after a visit that threw something, but
	 * at least a second
	 * @param time the current time
	 */
	public VisitLoop(String name, String what, Visits visits, Supplier<Duration> afterError, Time time) {
		this(name, what, visits, afterError, time, TimeUnit.NANOSECONDS::sleep);
	}

	VisitLoop(String name, String what, Visits visits, Supplier<Duration> afterError, Time time, Sleep sleep) {
		this.thread = Threads.create(name, this::run);
		this.repeatedError = new RepeatedError(SpireIdentity.class,
				what + " after an error that could not be reported otherwise");
		this.visits = visits;
		this.afterError = afterError;
		this.time = time;
		this.sleep = sleep;
		this.visitedAt = time.nanos();
		this.visitedAtMillis = time.clock().millis();
	}

	public void start() {
		this.thread.start();
	}

	/**
	 * Visit now, regardless of the schedule.
	 */
	public void nudge() {
		this.waiting.wake();
	}

	/**
	 * Request a visit that begins after this call and ensures that there is an agent.
	 * @return a future that completes when that visit has ended in any way, or will never
	 * take place
	 */
	public Future<Void> want() {
		CompletableFuture<Void> visit = this.wanted
			.updateAndGet((wanted) -> (wanted != null) ? wanted : new CompletableFuture<>());
		nudge();
		if (this.stopping) {
			done(this.wanted.getAndSet(null));
		}
		return (visit != null) ? visit : CompletableFuture.completedFuture(null);
	}

	public void stop() {
		this.stopping = true;
		nudge();
		Threads.end(this.thread, STOP_PATIENCE);
	}

	/**
	 * Run the loop. It has two levels, since error handling can fail as well if the heap
	 * is full. Even then, only a stop ends the loop.
	 */
	private void run() {
		try {
			while (!this.stopping) {
				try {
					goOn();
				}
				catch (Throwable ex) {
					Thread.yield();
				}
			}
		}
		finally {
			done(this.wanted.getAndSet(null));
		}
	}

	private void goOn() {
		while (!this.stopping) {
			this.waiting.take(this.untilDue);
			if (!this.stopping) {
				visit();
			}
		}
	}

	private void visit() {
		CompletableFuture<Void> wanted = this.wanted.getAndSet(null);
		long pause = SHORTEST_PAUSE_AFTER_ERROR;
		try {
			pause = this.visits.visit(wanted != null).toNanos();
		}
		catch (Throwable ex) {
			this.repeatedError.happened(ex);
			pause = pauseAfterError();
		}
		finally {
			this.pause = pause;
			this.visitedAt = this.time.nanos();
			this.visitedAtMillis = this.time.clock().millis();
			done(wanted);
		}
	}

	private long pauseAfterError() {
		try {
			return Math.max(SHORTEST_PAUSE_AFTER_ERROR, this.afterError.get().toNanos());
		}
		catch (Throwable ex) {
			// there may be no memory left for a longer one
			return SHORTEST_PAUSE_AFTER_ERROR;
		}
	}

	/**
	 * Sleep in slices, so that the wall clock is checked. A request whose wake-up was
	 * lost in a failed sleep is not missed.
	 */
	private boolean sleepUntilDue() throws InterruptedException {
		long left = left();
		while (left > 0 && this.wanted.get() == null) {
			this.sleep.sleep(Math.min(left, LONGEST_SLEEP.toNanos()));
			left = left();
		}
		return false;
	}

	private long left() {
		// minus a possible rounding error, so as not to come too early
		long millis = this.time.clock().millis() - this.visitedAtMillis - 1;
		long passed = Math.max(this.time.nanos() - this.visitedAt, TimeUnit.MILLISECONDS.toNanos(millis));
		return this.pause - passed;
	}

	private static void done(@Nullable CompletableFuture<Void> wanted) {
		if (wanted != null) {
			wanted.complete(null);
		}
	}

	/**
	 * The visits to the server.
	 */
	public interface Visits {

		/**
		 * Visit the server.
		 * @param wanted whether a caller waits for an agent
		 * @return how long to wait until the next visit
		 */
		Duration visit(boolean wanted);

	}

	/**
	 * How the thread sleeps, which tests can replace.
	 */
	interface Sleep {

		void sleep(long nanos) throws InterruptedException;

	}

}
