package dev.psat.concurrent.internal;

import org.jspecify.annotations.Nullable;

/**
 * A wait of one thread that other threads can cut short. The thread is interrupted only
 * while it waits: an interrupt at any other time would close a channel that it reads from
 * or logs to.
 */
public final class InterruptibleWait {

	/** Unlike another lock, a monitor survives an error in the thread that holds it. */
	private final Object monitor = new Object();

	private @Nullable Thread sleeper;

	private boolean called;

	/**
	 * Wait, unless {@link #wake()} has been called since the last wait ended. Callers
	 * check what has changed afterwards, since a call at the last moment is forgotten.
	 * Returns whether the wait ended early, for whatever reason.
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

	/** Cut short the current wait or, if there is none, the next one. */
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

	/** Also answers a call at the last moment, whatever ended the wait. */
	private void end() {
		synchronized (this.monitor) {
			this.sleeper = null;
			this.called = false;
			Thread.interrupted();
		}
	}

	public interface Wait {

		/** Whether the wait ended early. */
		boolean await() throws InterruptedException;

	}

}
