package dev.psat.concurrent.internal;

import org.jspecify.annotations.Nullable;

/**
 * A wait of one thread that other threads can cut short. The thread is interrupted only
 * while it waits: an interrupt at any other time would close a channel that it reads from
 * or logs to.
 */
final class InterruptibleWait {

	/** Unlike another lock, a monitor survives an error in the thread that holds it. */
	private final Object monitor = new Object();

	private @Nullable Thread sleeper;

	private boolean called;

	/** Cut short the current wait or, if there is none, the next one. */
	void wake() {
		synchronized (this.monitor) {
			this.called = true;
			if (this.sleeper != null) {
				this.sleeper.interrupt();
			}
		}
	}

	/** Whether to wait, since {@link #wake()} has not been called since the last end. */
	boolean begin() {
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
	 * Also answers a call at the last moment, whatever ended the wait: what has changed
	 * is looked at afterwards.
	 */
	void end() {
		synchronized (this.monitor) {
			this.sleeper = null;
			this.called = false;
			Thread.interrupted();
		}
	}

}
