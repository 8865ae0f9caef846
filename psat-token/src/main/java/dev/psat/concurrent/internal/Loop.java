package dev.psat.concurrent.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * A daemon thread that takes one turn after another, with a pause after each. It exists
 * from a start until a turn asks for no other, or until a stop, and survives whatever a
 * turn throws, even if there is no memory. A turn is due when its time has come by either
 * clock: the monotonic one may stand still while a machine is suspended.
 */
public final class Loop implements AutoCloseable {

	private static final long LEAST_AFTER_ERROR = TimeUnit.SECONDS.toNanos(1);

	/** The system's clock may be set. */
	private static final long LONGEST_SLEEP = TimeUnit.SECONDS.toNanos(30);

	private static final long LAST_RESORT = TimeUnit.MILLISECONDS.toNanos(50);

	private static final Duration STOP_PATIENCE = Duration.ofMillis(500);

	private final ThreadFactory threads;

	private final Turns turns;

	private final RepeatedError errors;

	private final Time time;

	private final Pause pause;

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

	public Loop(String name, Turns turns, RepeatedError errors, Time time) {
		this(name, turns, errors, time, (nanos) -> {
			time.sleep(nanos);
			return false;
		});
	}

	public Loop(String name, Turns turns, RepeatedError errors, Time time, Sleep sleep) {
		this(Threads.named(name), turns, errors, time, sleep);
	}

	Loop(ThreadFactory threads, Turns turns, RepeatedError errors, Time time, Sleep sleep) {
		this.threads = threads;
		this.turns = turns;
		this.errors = errors;
		this.time = time;
		this.pause = new Pause(sleep);
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
				this.time.start(thread);
				this.thread = thread;
			}
			this.needed = true;
			this.ending = false;
		}
	}

	/** Cut short the current pause or, during a turn, the next one. */
	public void nudge() {
		this.pause.cutShort();
	}

	/**
	 * Start, and request a turn that begins after this call.
	 * @return a future that is done when a turn has answered the request, or none will
	 */
	public CompletableFuture<Void> want() {
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
		this.pause.last(0);
		while (true) {
			try {
				if (isOver()) {
					this.turns.rest();
					if (hasEnded()) {
						return;
					}
					this.pause.last(0);
				}
				turn(this.pause.isCutShort());
			}
			catch (Throwable ex) {
				// of a clock, a sleep, or what handled another one: a full heap spares
				// nothing
				this.errors.happened(ex);
				rest();
			}
		}
	}

	private void rest() {
		try {
			this.time.sleep(LAST_RESORT);
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
		this.pause.last(LEAST_AFTER_ERROR);
		try {
			Duration next = this.turns.take(cue);
			this.idle = (next == null);
			this.pause.last((next != null) ? next.toNanos() : 0);
			this.errors.over();
		}
		catch (InterruptedException ex) {
			// by whoever wants the thread to end
			this.pause.last(0);
		}
		catch (Throwable ex) {
			this.errors.happened(ex);
			this.pause.last(Math.max(LEAST_AFTER_ERROR, this.turns.afterError().toNanos()));
		}
		finally {
			if (this.turns.isConclusive()) {
				done(this.served);
				this.served = null;
			}
			this.pause.begin();
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

	private static void done(@Nullable CompletableFuture<Void> wanted) {
		if (wanted != null) {
			wanted.complete(null);
		}
	}

	/** What is between two turns. */
	private final class Pause {

		private final Sleep sleep;

		private final InterruptibleWait waiting = new InterruptibleWait();

		private long length;

		private long began;

		private long beganMillis;

		Pause(Sleep sleep) {
			this.sleep = sleep;
		}

		void last(long nanos) {
			this.length = nanos;
		}

		void begin() {
			this.began = Loop.this.time.nanos();
			this.beganMillis = Loop.this.time.clock().millis();
		}

		void cutShort() {
			this.waiting.wake();
		}

		/** Pause, and return whether the pause ended early, for whatever reason. */
		boolean isCutShort() {
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
		 * In slices, so that the wall clock is checked. A request whose wake-up was lost
		 * in a failed sleep is not missed.
		 */
		private boolean sleepUntilDue() throws InterruptedException {
			for (long left = left(); left > 0 && Loop.this.wanted == null && !Loop.this.ending; left = left()) {
				if (this.sleep.sleep(Math.min(left, LONGEST_SLEEP))) {
					return true;
				}
				if (Loop.this.turns.isDue()) {
					return false;
				}
			}
			return false;
		}

		private long left() {
			if (this.length <= 0) {
				return 0;
			}
			// minus a possible rounding error, so as not to come too early
			long millis = Loop.this.time.clock().millis() - this.beganMillis - 1;
			return this.length - Math.max(Loop.this.time.nanos() - this.began, TimeUnit.MILLISECONDS.toNanos(millis));
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

	public interface Sleep {

		/**
		 * Sleep for this time at most. Returns whether something has happened that a turn
		 * is for.
		 */
		boolean sleep(long nanos) throws InterruptedException;

	}

}
