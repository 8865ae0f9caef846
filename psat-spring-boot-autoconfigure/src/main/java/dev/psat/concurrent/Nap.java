package dev.psat.concurrent;

import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The waiting of one thread, which others can cut short. Nothing but the waiting is ever
 * interrupted: an interrupt at another time would close a channel that the thread reads
 * or logs to.
 *
 * @since 0.1.0
 */
public final class Nap {

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable Thread sleeper;

	private boolean called;

	/**
	 * Wait, unless somebody called since the last nap ended. Whoever wakes up has to look
	 * around, since a call that comes at the last moment is forgotten.
	 * @param wait the waiting, which returns whether it ended early
	 * @return whether it ended early, for whatever reason
	 */
	public boolean take(Wait wait) {
		if (!begin()) {
			return true;
		}
		try {
			return wait.await();
		}
		catch (InterruptedException ex) {
			// by wake(), or by a stranger, who is given the same answer
			return true;
		}
		finally {
			end();
		}
	}

	/**
	 * Cut the present nap short, or else the next one.
	 */
	public void wake() {
		this.lock.lock();
		try {
			this.called = true;
			if (this.sleeper != null) {
				this.sleeper.interrupt();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean begin() {
		this.lock.lock();
		try {
			Thread.interrupted();
			if (this.called) {
				this.called = false;
				return false;
			}
			this.sleeper = Thread.currentThread();
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A call that came at the last moment is answered by the end of the nap, whatever
	 * ended it.
	 */
	private void end() {
		this.lock.lock();
		try {
			this.sleeper = null;
			this.called = false;
			Thread.interrupted();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A waiting that heeds interrupts.
	 */
	public interface Wait {

		/**
		 * Wait.
		 * @return whether the waiting ended early
		 * @throws InterruptedException if the thread is interrupted
		 */
		boolean await() throws InterruptedException;

	}

}
