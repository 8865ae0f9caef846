package dev.psat.concurrent.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A daemon thread that takes one turn after another, with a pause after each. It exists
 * from a start until a turn asks for no other, or until a stop, and survives whatever a
 * turn throws, even for want of memory. A turn is due when its time has come by either
 * clock: the monotonic one may stand still while a machine is suspended.
 */
public final class Loop implements AutoCloseable {

	private static final long LEAST_AFTER_ERROR = TimeUnit.SECONDS.toNanos(1);

	/** The system's clock may be set. */
	private static final long LONGEST_SLEEP = TimeUnit.SECONDS.toNanos(30);

	private static final long LAST_RESORT_MILLIS = 50;

	private static final Duration STOP_PATIENCE = Duration.ofMillis(500);

	private final ThreadFactory threads;

	private final Turns turns;

	private final RepeatedError errors;

	private final Time time;

	private final InterruptibleWait waiting = new InterruptibleWait();

	/** Unlike another lock, a monitor survives an error in the thread that holds it. */
	private final Object monitor = new Object();

	private @Nullable Thread thread;

	private boolean needed;

	private boolean closed;

	private volatile boolean ending;

	private volatile @Nullable CompletableFuture<Void> wanted;

	/** This and what follows belongs to the loop's thread. */
	private @Nullable CompletableFuture<Void> served;

	private boolean idle;

	private long pause;

	private long pausedAt;

	private long pausedAtMillis;

	public Loop(String name, Turns turns, RepeatedError errors, Time time) {
		this(Threads.named(name), turns, errors, time);
	}

	public Loop(ThreadFactory threads, Turns turns, RepeatedError errors, Time time) {
		this.threads = threads;
		this.turns = turns;
		this.errors = errors;
		this.time = time;
	}

	/**
	 * Have a thread, which begins with a turn. One that is there takes another turn
	 * before it ends. Nothing changes if no thread can be created: an
	 * {@link OutOfMemoryError} is thrown.
	 */
	public void start() {
		synchronized (this.monitor) {
			if (this.closed) {
				return;
			}
			// an error that nobody could handle may have ended the thread
			if (this.thread == null || !this.thread.isAlive()) {
				Thread thread = this.threads.newThread(this::run);
				thread.start();
				this.thread = thread;
			}
			this.needed = true;
			this.ending = false;
		}
	}

	/** Cut short the current pause or, during a turn, the next one. */
	public void nudge() {
		this.waiting.wake();
	}

	/**
	 * Start, and request a turn that begins after this call.
	 * @return a future that is done when a turn has answered the request, or none will
	 */
	public Future<Void> want() {
		synchronized (this.monitor) {
			if (this.closed) {
				return CompletableFuture.completedFuture(null);
			}
			CompletableFuture<Void> wanted = this.wanted;
			if (wanted == null) {
				wanted = new CompletableFuture<>();
				this.wanted = wanted;
			}
			start();
			nudge();
			return wanted;
		}
	}

	/**
	 * End the thread, which no longer runs when this method returns, unless its turn
	 * ignores an interrupt. It can be started again.
	 */
	public void stop() {
		end(false);
	}

	@Override
	public void close() {
		end(true);
	}

	private void end(boolean forGood) {
		Thread thread;
		synchronized (this.monitor) {
			this.ending = true;
			this.closed |= forGood;
			thread = this.thread;
			done(this.wanted);
			this.wanted = null;
		}
		nudge();
		if (thread != null) {
			Threads.end(thread, STOP_PATIENCE);
		}
	}

	private void run() {
		this.pause = 0;
		while (true) {
			try {
				if (isOver()) {
					this.turns.rest();
					if (hasEnded()) {
						return;
					}
					this.pause = 0;
				}
				turn(isCutShort());
			}
			catch (Throwable ex) {
				// of a clock, a sleep, or what handled another one: a full heap spares
				// nothing
				this.errors.happened(ex);
				rest();
			}
		}
	}

	private static void rest() {
		try {
			Thread.sleep(LAST_RESORT_MILLIS);
		}
		catch (InterruptedException ex) {
			// by whoever wants the thread to end
		}
	}

	private boolean isOver() {
		synchronized (this.monitor) {
			return this.ending || (this.idle && !this.needed);
		}
	}

	private boolean hasEnded() {
		synchronized (this.monitor) {
			if (!isOver()) {
				return false;
			}
			done(this.served);
			this.served = null;
			this.thread = null;
			return true;
		}
	}

	private void turn(boolean early) {
		if (this.ending) {
			return;
		}
		Cue cue = begin(early);
		this.idle = false;
		this.pause = LEAST_AFTER_ERROR;
		try {
			pause(this.turns.take(cue));
			this.errors.over();
		}
		catch (InterruptedException ex) {
			// by whoever wants the thread to end
			this.pause = 0;
		}
		catch (Throwable ex) {
			this.errors.happened(ex);
			this.pause = Math.max(LEAST_AFTER_ERROR, this.turns.afterError().toNanos());
		}
		finally {
			if (this.turns.isConclusive()) {
				done(this.served);
				this.served = null;
			}
			this.pausedAt = this.time.nanos();
			this.pausedAtMillis = this.time.millis();
		}
	}

	private Cue begin(boolean early) {
		synchronized (this.monitor) {
			this.needed = false;
			CompletableFuture<Void> wanted = this.wanted;
			if (wanted != null && this.served != null) {
				this.served.thenRun(() -> done(wanted));
			}
			else if (wanted != null) {
				this.served = wanted;
			}
			this.wanted = null;
			return (this.served != null) ? Cue.WANTED : early ? Cue.NUDGED : Cue.DUE;
		}
	}

	private void pause(@Nullable Duration pause) {
		this.idle = (pause == null);
		this.pause = (pause != null) ? pause.toNanos() : 0;
	}

	/** Pause, and return whether the pause ended early, for whatever reason. */
	private boolean isCutShort() {
		if (!this.waiting.begin()) {
			return true;
		}
		try {
			return sleepUntilDue();
		}
		catch (InterruptedException ex) {
			// by a nudge or by a stranger, which makes no difference
			return true;
		}
		finally {
			this.waiting.end();
		}
	}

	/**
	 * In slices, so that the wall clock is checked. A request whose wake-up was lost in a
	 * failed sleep is not missed.
	 */
	private boolean sleepUntilDue() throws InterruptedException {
		for (long left = left(); left > 0 && this.wanted == null && !this.ending; left = left()) {
			if (this.time.sleep().sleep(Math.min(left, LONGEST_SLEEP))) {
				return true;
			}
			if (this.turns.isDue()) {
				return false;
			}
		}
		return false;
	}

	private long left() {
		if (this.pause <= 0) {
			return 0;
		}
		// minus a possible rounding error, so as not to come too early
		long millis = this.time.millis() - this.pausedAtMillis - 1;
		return this.pause - Math.max(this.time.nanos() - this.pausedAt, TimeUnit.MILLISECONDS.toNanos(millis));
	}

	private static void done(@Nullable CompletableFuture<Void> wanted) {
		if (wanted != null) {
			wanted.complete(null);
		}
	}

	/** Why a turn is taken. */
	public enum Cue {

		/** Its time has come. */
		DUE,

		/** The pause was cut short. */
		NUDGED,

		/** Somebody waits for it. */
		WANTED

	}

	public interface Turns {

		/**
		 * How long to pause, {@code null} to end unless there has been another start
		 * meanwhile.
		 */
		@Nullable Duration take(Cue cue) throws Exception;

		/** How long to pause after an error, a second at least. */
		default Duration afterError() {
			return Duration.ZERO;
		}

		/**
		 * Whether anything but time makes a turn due; asked every now and then during a
		 * pause.
		 */
		default boolean isDue() {
			return false;
		}

		/**
		 * Whether the last turn has answered those who wanted it. Otherwise, the next one
		 * is taken for them as well.
		 */
		default boolean isConclusive() {
			return true;
		}

		/** Called before the thread ends. */
		default void rest() {
		}

	}

	public record Time(Clock clock, LongSupplier nanoTime, Sleep sleep) {

		public static Time of(Clock clock) {
			return new Time(clock, System::nanoTime, Sleep.OF_SYSTEM);
		}

		long nanos() {
			return this.nanoTime.getAsLong();
		}

		long millis() {
			return this.clock.millis();
		}

	}

	public interface Sleep {

		Sleep OF_SYSTEM = (nanos) -> {
			TimeUnit.NANOSECONDS.sleep(nanos);
			return false;
		};

		/**
		 * Sleep for this time at most. Returns whether something has happened that a turn
		 * is for.
		 */
		boolean sleep(long nanos) throws InterruptedException;

	}

}
