package dev.psat.token;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The thread that decides when to look: at every file event, at the end of every poll
 * interval, and when the clock changes a state. Events are the accelerator, polling is
 * the guarantee.
 */
final class LookLoop {

	private static final Duration STOP_PATIENCE = Duration.ofMillis(500);

	private final Looker looker;

	private final DirectoryWatch watch;

	private final Intervals intervals;

	private final Thread thread;

	private final ReentrantLock napLock = new ReentrantLock();

	private boolean napping;

	private boolean nudged;

	private volatile boolean stopping;

	private long cause = System.nanoTime();

	private boolean causedByEvent = true;

	private @Nullable Class<?> lastError;

	LookLoop(Looker looker, DirectoryWatch watch, Intervals intervals) {
		this.looker = looker;
		this.watch = watch;
		this.intervals = intervals;
		this.thread = new Thread(this::run, "psat-token-watch");
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	/**
	 * Make the loop look now. Interrupts nothing but its waiting: an interrupt would
	 * close a channel that the thread reads or logs to.
	 */
	void nudge() {
		this.napLock.lock();
		try {
			if (this.napping) {
				this.thread.interrupt();
			}
			this.nudged = !this.napping && Thread.currentThread() != this.thread;
		}
		finally {
			this.napLock.unlock();
		}
	}

	void stop() {
		this.stopping = true;
		nudge();
		Threads.end(this.thread, STOP_PATIENCE);
	}

	boolean isStopping() {
		return this.stopping;
	}

	private void run() {
		try (this.watch) {
			while (!this.stopping) {
				try {
					turn();
				}
				catch (RuntimeException | Error ex) {
					goOnAfter(ex);
				}
			}
		}
	}

	private void turn() {
		Look look = this.looker.look(this.cause);
		boolean newlyWatched = this.watch.cover(look.directories());
		if (!this.stopping) {
			this.looker.watchedBy(this.watch.mode());
		}
		if (newlyWatched || isEventLate(look)) {
			lookBecauseOf(true);
			return;
		}
		boolean event = await(look.next());
		if (event || look.isConclusive()) {
			lookBecauseOf(event);
		}
		else {
			// the next look goes on with what caused this one
			this.causedByEvent = false;
		}
	}

	private boolean isEventLate(Look look) {
		if (this.causedByEvent || !look.changed() || this.watch.mode() != WatchMode.EVENTS) {
			return false;
		}
		if (!await(this.intervals.eventGrace())) {
			this.looker.missedEvent();
			this.watch.close();
		}
		return true;
	}

	private void lookBecauseOf(boolean event) {
		this.causedByEvent = event;
		this.cause = System.nanoTime();
	}

	private boolean await(Duration time) {
		if (!beginNap()) {
			return true;
		}
		try {
			return this.watch.await(time);
		}
		catch (InterruptedException ex) {
			// a nudge causes a look as an event does, and so does anybody else
			return true;
		}
		finally {
			endNap();
		}
	}

	private boolean beginNap() {
		this.napLock.lock();
		try {
			Thread.interrupted();
			this.napping = !this.nudged && !this.stopping;
			this.nudged = false;
			return this.napping;
		}
		finally {
			this.napLock.unlock();
		}
	}

	private void endNap() {
		this.napLock.lock();
		try {
			this.napping = false;
			Thread.interrupted();
		}
		finally {
			this.napLock.unlock();
		}
	}

	private void goOnAfter(Throwable error) {
		if (error.getClass() != this.lastError) {
			this.lastError = error.getClass();
			SafeLog.warn("The watching of the token file goes on after an unexpected error", error);
		}
		try {
			Thread.sleep(this.intervals.troubledPoll().toMillis());
		}
		catch (InterruptedException ex) {
			// the loop looks whether it has to stop
		}
	}

}
