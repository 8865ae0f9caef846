package dev.psat.token;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * The thread that decides when to look: at every file event, at the end of every poll
 * interval, and when the clock changes a state. Events are the accelerator, polling is
 * the guarantee.
 */
final class LookLoop {

	private static final Log logger = LogFactory.getLog(LookLoop.class);

	private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

	private final Looker looker;

	private final DirectoryWatch watch;

	private final Intervals intervals;

	private final Thread thread;

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
	 * Make the loop look now, since somebody else's look has found something.
	 */
	void nudge() {
		if (Thread.currentThread() != this.thread) {
			this.thread.interrupt();
		}
	}

	void stop() {
		this.stopping = true;
		this.thread.interrupt();
		if (!Threads.hasEnded(this.thread, STOP_PATIENCE)) {
			logger.warn(LogMessage.format("Thread %s hangs in the file system and ends when that answers",
					this.thread.getName()));
		}
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
		try {
			return this.watch.await(time);
		}
		catch (InterruptedException ex) {
			// stop() has set a flag; anybody else only causes a look, as an event does
			return true;
		}
	}

	private void goOnAfter(Throwable error) {
		if (error.getClass() != this.lastError) {
			this.lastError = error.getClass();
			logger.warn("The watching of the token file goes on after an unexpected error", error);
		}
		try {
			Thread.sleep(this.intervals.troubledPoll().toMillis());
		}
		catch (InterruptedException ex) {
			// as above
		}
	}

}
