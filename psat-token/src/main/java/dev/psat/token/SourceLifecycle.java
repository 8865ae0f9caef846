package dev.psat.token;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Starts, stops and closes the watching of a file, with one loop after another.
 */
final class SourceLifecycle {

	private final Supplier<LookLoop> loops;

	/**
	 * Not held while waiting for a loop to end: the loop's own thread may need it. Unlike
	 * another lock, a monitor survives an error in the thread that holds it.
	 */
	private final Object monitor = new Object();

	private volatile Phase phase = Phase.NEW;

	private volatile @Nullable LookLoop loop;

	SourceLifecycle(Supplier<LookLoop> loops) {
		this.loops = loops;
	}

	/**
	 * Return whether something watches the file, or did until the source was stopped, so
	 * that what is in memory can be served without a look.
	 * @return whether the source was started and is not closed, and its loop is not dead
	 */
	boolean isInCharge() {
		LookLoop loop = this.loop;
		return this.phase == Phase.STARTED && (loop == null || !loop.hasFailed());
	}

	boolean isClosed() {
		return this.phase == Phase.CLOSED;
	}

	WatchMode watchMode() {
		LookLoop loop = this.loop;
		return (loop != null) ? loop.mode() : WatchMode.STOPPED;
	}

	/**
	 * Start watching unless a loop already does.
	 * @return a future that is done when the loop has taken its first conclusive look
	 */
	Future<Void> start() {
		synchronized (this.monitor) {
			LookLoop loop = this.loop;
			if (isClosed()) {
				return CompletableFuture.completedFuture(null);
			}
			if (loop == null || !loop.isWatching()) {
				loop = this.loops.get();
				// if no thread can be created, everything stays as it is
				loop.start();
				this.loop = loop;
				this.phase = Phase.STARTED;
			}
			return loop.firstLook();
		}
	}

	/**
	 * Replace a loop that has died, because of an error that nobody could handle.
	 */
	void revive() {
		LookLoop loop = this.loop;
		if (loop != null && loop.hasDied()) {
			start();
		}
	}

	void stop() {
		LookLoop loop = this.loop;
		if (loop != null) {
			try {
				loop.stop();
			}
			finally {
				forget(loop);
			}
		}
	}

	void close() {
		synchronized (this.monitor) {
			this.phase = Phase.CLOSED;
		}
		stop();
	}

	/**
	 * Make the loop look, since a look by another thread may have changed when the next
	 * one is due.
	 */
	void nudge() {
		LookLoop loop = this.loop;
		if (loop != null) {
			loop.nudge();
		}
	}

	private void forget(LookLoop loop) {
		synchronized (this.monitor) {
			if (this.loop == loop) {
				this.loop = null;
			}
		}
	}

	private enum Phase {

		NEW, STARTED, CLOSED

	}

}
