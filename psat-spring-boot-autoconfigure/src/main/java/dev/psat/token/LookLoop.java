package dev.psat.token;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The thread that decides when to look: at every file event, at the end of every poll
 * interval, and when the clock changes a state. Events are the accelerator, polling is
 * the guarantee.
 */
final class LookLoop {

	private static final Log logger = LogFactory.getLog(LookLoop.class);

	private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

	private final Looker looker;

	private final @Nullable DirectoryWatch watch;

	private final Intervals intervals;

	private final Thread thread;

	private volatile boolean stopping;

	private long cause = System.nanoTime();

	private boolean event = true;

	private @Nullable Class<?> lastError;

	LookLoop(Looker looker, @Nullable DirectoryWatch watch, Intervals intervals) {
		this.looker = looker;
		this.watch = watch;
		this.intervals = intervals;
		this.thread = new Thread(this::run, "psat-token-watch");
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	void stop() {
		this.stopping = true;
		this.thread.interrupt();
		Threads.hasEnded(this.thread, STOP_PATIENCE);
	}

	boolean isStopping() {
		return this.stopping;
	}

	private void run() {
		try {
			while (!this.stopping) {
				try {
					turn();
				}
				catch (RuntimeException | Error ex) {
					goOnAfter(ex);
				}
			}
		}
		finally {
			if (this.watch != null) {
				this.watch.close();
			}
		}
	}

	private void turn() {
		Look look = this.looker.look(this.cause);
		boolean uncovered = this.watch != null && this.watch.cover(look.link().directories());
		WatchMode mode = (this.watch != null) ? this.watch.mode() : WatchMode.POLLING;
		if (!this.stopping) {
			this.looker.watchedBy(mode);
		}
		if (uncovered || hasMissedEvent(look, mode)) {
			wake(true);
			return;
		}
		boolean event = await(look.next());
		if (event || look.isConclusive()) {
			wake(event);
		}
		else {
			this.event = false;
		}
	}

	private boolean hasMissedEvent(Look look, WatchMode mode) {
		if (this.watch == null || this.event || !look.changed() || mode != WatchMode.EVENTS) {
			return false;
		}
		if (!await(this.intervals.eventGrace()) && !this.stopping) {
			this.looker.missedEvent();
			this.watch.renew();
		}
		return true;
	}

	private void wake(boolean event) {
		this.event = event;
		this.cause = System.nanoTime();
	}

	private boolean await(Duration time) {
		try {
			if (this.watch != null) {
				return this.watch.await(time);
			}
			Thread.sleep(time.toMillis(), time.toNanosPart() % 1_000_000);
		}
		catch (InterruptedException ex) {
			// stop() has set a flag; anybody else only causes a look, as an event does
			return true;
		}
		return false;
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
