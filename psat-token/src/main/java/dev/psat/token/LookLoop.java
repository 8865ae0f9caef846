package dev.psat.token;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.psat.concurrent.internal.InterruptibleWait;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Threads;
import dev.psat.file.internal.DirectoryWatch;

/**
 * The thread that decides when to look: on every file event, at the end of every poll
 * interval, and when the clock changes a state. Events provide speed, polling provides
 * certainty.
 */
final class LookLoop {

	private static final Duration STOP_PATIENCE = Duration.ofMillis(500);

	private final Looker looker;

	private final DirectoryWatch watch;

	private final Intervals intervals;

	private final Thread thread;

	private final InterruptibleWait waiting = new InterruptibleWait();

	private final RepeatedError repeatedError;

	private final CompletableFuture<Void> firstLook = new CompletableFuture<>();

	private volatile WatchMode mode = WatchMode.POLLING;

	private volatile boolean stopping;

	private volatile boolean ended;

	private long cause = System.nanoTime();

	private boolean causedByEvent = true;

	LookLoop(Looker looker, DirectoryWatch watch, Intervals intervals, RepeatedError repeatedError) {
		this(looker, watch, intervals, repeatedError, (task) -> Threads.create("psat-token-watch", task));
	}

	LookLoop(Looker looker, DirectoryWatch watch, Intervals intervals, RepeatedError repeatedError,
			ThreadFactory threads) {
		this.looker = looker;
		this.watch = watch;
		this.intervals = intervals;
		this.repeatedError = repeatedError;
		this.thread = threads.newThread(this::run);
	}

	void start() {
		this.thread.start();
	}

	/**
	 * Make the loop look now. Does nothing if called by the loop's own thread, which
	 * takes into account what it learns anyway.
	 */
	void nudge() {
		if (Thread.currentThread() != this.thread) {
			this.waiting.wake();
		}
	}

	void stop() {
		this.stopping = true;
		nudge();
		Threads.end(this.thread, STOP_PATIENCE);
	}

	/**
	 * Return the first conclusive look of this loop.
	 * @return a future that is done when there has been one, or when there will be none
	 */
	Future<Void> firstLook() {
		return this.firstLook;
	}

	WatchMode mode() {
		return isWatching() ? this.mode : WatchMode.STOPPED;
	}

	/**
	 * Return whether a thread is watching and will continue to do so.
	 * @return whether the loop is neither stopped nor dead
	 */
	boolean isWatching() {
		return !this.stopping && !this.ended && this.thread.isAlive();
	}

	boolean hasDied() {
		return !this.stopping && !isWatching();
	}

	/**
	 * Return whether the loop has ended without being stopped. Cheap enough to call for
	 * every payload.
	 * @return whether the loop failed
	 */
	boolean hasFailed() {
		return this.ended && !this.stopping;
	}

	/**
	 * Handles errors on two levels, since with a full heap handling an error fails as
	 * well: only a stop may end the loop.
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
			this.ended = true;
			try {
				this.firstLook.complete(null);
			}
			finally {
				this.watch.close();
			}
		}
	}

	private void goOn() {
		while (!this.stopping) {
			try {
				turn();
				this.repeatedError.over();
			}
			catch (InterruptedException | TimeoutException ex) {
				// another thread is looking: the next turn tries again, unless stopped
			}
			catch (Throwable ex) {
				this.repeatedError.happened(ex);
				this.waiting.take(() -> sleep(this.intervals.problemPoll()));
			}
		}
	}

	private void turn() throws InterruptedException, TimeoutException {
		Looker.Look look = this.looker.look(this.cause);
		if (this.stopping) {
			return;
		}
		if (look.isConclusive()) {
			this.firstLook.complete(null);
		}
		if (isNewlyWatched(look) || isEventLate(look)) {
			// whatever the next look finds, no event is expected for it
			lookBecauseOf(true);
			return;
		}
		boolean event = awaitInSlices(look.next());
		if (event || look.isConclusive()) {
			lookBecauseOf(event);
		}
		else {
			// the next look continues with the cause of this one
			this.causedByEvent = false;
		}
	}

	private boolean isNewlyWatched(Looker.Look look) {
		try {
			return this.watch.cover(look.directories());
		}
		finally {
			this.mode = this.watch.isComplete() ? WatchMode.EVENTS : WatchMode.POLLING;
		}
	}

	private boolean isEventLate(Looker.Look look) {
		if (this.causedByEvent || !look.changed() || this.mode != WatchMode.EVENTS) {
			return false;
		}
		if (!await(this.intervals.eventGrace()) && !this.stopping && this.watch.isComplete()) {
			this.looker.missedEvent();
			this.watch.close();
		}
		return true;
	}

	private void lookBecauseOf(boolean event) {
		this.causedByEvent = event;
		this.cause = System.nanoTime();
	}

	/**
	 * Wait, and check the clock every now and then: it may jump, and it goes on while a
	 * machine is suspended and this thread sleeps.
	 */
	private boolean awaitInSlices(Duration time) {
		boolean watched = this.watch.isComplete();
		Duration left = time;
		for (Duration slice = this.intervals.clockCheck(); left.compareTo(slice) > 0; left = left.minus(slice)) {
			if (await(slice)) {
				return true;
			}
			if (this.stopping || this.looker.hasNews() || this.watch.isComplete() != watched) {
				return false;
			}
		}
		return await(left);
	}

	private boolean await(Duration time) {
		return !this.stopping && this.waiting.take(() -> this.watch.await(time));
	}

	private static boolean sleep(Duration time) throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep(time.toNanos());
		return false;
	}

}
