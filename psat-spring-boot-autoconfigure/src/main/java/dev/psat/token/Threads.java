package dev.psat.token;

import java.time.Duration;

/**
 * Waits for threads.
 */
final class Threads {

	private Threads() {
	}

	/**
	 * Wait for a thread to end. The thread itself does not wait, and whoever was
	 * interrupted before waits all the same.
	 * @param thread the thread
	 * @param patience how long to wait at most
	 * @return whether it has ended
	 */
	static boolean hasEnded(Thread thread, Duration patience) {
		if (thread == Thread.currentThread()) {
			return true;
		}
		boolean interrupted = Thread.interrupted();
		try {
			thread.join(patience.toMillis());
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		return !thread.isAlive();
	}

}
