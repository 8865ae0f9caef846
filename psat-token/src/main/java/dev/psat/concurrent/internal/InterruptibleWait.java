package dev.psat.concurrent.internal;

import org.jspecify.annotations.Nullable;

/**
 * A wait of one thread that other threads can cut short. The thread is interrupted only
 * while it waits: an interrupt at any other time would close a channel that it reads from
 * or logs to.
 *
 * @since 0.1.0
 */
public final class InterruptibleWait {

	/** Unlike another lock, a monitor survives an error in the thread that holds it. */
	private final Object monitor = new Object();

	private @Nullable Thread sleeper;

	private boolean called;

	/**
	 * Wait, unless {@link #wake()} has been called since the last wait ended. Callers
	 * must check what has changed afterwards, since a call at the last moment is
	 * forgotten.
	 * @param wait the wait, which returns whether it ended early
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
			// by wake() or by a stranger, which makes no difference
			return true;
		}
		finally {
			end();
		}
	}

	/**
	 * Cut short the current wait or, if there is none, the next one.
	 */
	public void wake() {
		synchronized (this.monitor) {
			this.called = true;
			if (this.sleeper != null) {
				this.sleeper.interrupt();
			}
		}
	}

	private boolean begin() {
		synchronized (this.monitor) {
			Thread.interrupted();
			if (this.called) {
				this.called = false;
				return false;
			}
			this.sleeper = Thread.currentThread();
			return true;
		}
	}

	/**
	 * End the wait, which also answers a call at the last moment, whatever ended it.
	 */
	private void end() {
		synchronized (this.monitor) {
			this.sleeper = null;
			this.called = false;
			Thread.interrupted();
		}
	}

	/**
	 * A wait that responds to interrupts.
	 */
	public interface Wait {

		/**
		 * Wait.
		 * @return whether the wait ended early
		 * @throws InterruptedException if the thread is interrupted
		 */
		boolean await() throws InterruptedException;

	}

}
