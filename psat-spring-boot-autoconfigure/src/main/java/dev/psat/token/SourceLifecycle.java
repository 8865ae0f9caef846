package dev.psat.token;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Starts, stops and closes the watching of a file.
 */
final class SourceLifecycle {

	private final Looker looker;

	private final Supplier<LookLoop> loops;

	/** Not held while waiting for a loop to end: the loop's own thread may want it. */
	private final ReentrantLock lock = new ReentrantLock();

	private volatile Phase phase = Phase.NEW;

	private volatile @Nullable LookLoop loop;

	SourceLifecycle(Looker looker, Supplier<LookLoop> loops) {
		this.looker = looker;
		this.loops = loops;
	}

	/**
	 * Return whether something watches the file, or did, so that what is in memory can be
	 * served without a look.
	 * @return whether the source was started, and is not closed
	 */
	boolean isStarted() {
		return this.phase == Phase.STARTED;
	}

	boolean isClosed() {
		return this.phase == Phase.CLOSED;
	}

	void start() {
		this.lock.lock();
		try {
			LookLoop running = this.loop;
			if (!isClosed() && (running == null || running.isStopping())) {
				start(this.loops.get());
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	void stop() {
		LookLoop loop = this.loop;
		if (loop != null) {
			loop.stop();
			stopped(loop);
		}
	}

	void close() {
		this.lock.lock();
		try {
			this.phase = Phase.CLOSED;
		}
		finally {
			this.lock.unlock();
		}
		stop();
	}

	/**
	 * Have the loop look, since the look of another thread may have changed when that is
	 * due.
	 */
	void nudge() {
		LookLoop loop = this.loop;
		if (loop != null) {
			loop.nudge();
		}
	}

	private void start(LookLoop loop) {
		this.looker.watchedBy(WatchMode.POLLING);
		this.loop = loop;
		this.phase = Phase.STARTED;
		try {
			loop.start();
		}
		catch (OutOfMemoryError ex) {
			// no thread is to be had
			this.loop = null;
			this.looker.watchedBy(WatchMode.STOPPED);
			throw ex;
		}
	}

	private void stopped(LookLoop loop) {
		this.lock.lock();
		try {
			if (this.loop == loop) {
				this.loop = null;
				this.looker.watchedBy(WatchMode.STOPPED);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private enum Phase {

		NEW, STARTED, CLOSED

	}

}
