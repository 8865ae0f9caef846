package dev.psat.token;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.log.LogMessage;

/**
 * Ends threads.
 */
final class Threads {

	private static final Log logger = LogFactory.getLog(TokenSource.class);

	private Threads() {
	}

	/**
	 * Wait for a thread that has been told to end; if it does not, interrupt it and wait
	 * again. The thread itself does not wait, and whoever was interrupted before waits
	 * all the same.
	 * @param thread the thread
	 * @param patience how long to wait at most, each time
	 */
	static void end(Thread thread, Duration patience) {
		if (thread == Thread.currentThread()) {
			return;
		}
		boolean interrupted = Thread.interrupted();
		interrupted |= isInterruptedInJoin(thread, patience);
		if (thread.isAlive()) {
			thread.interrupt();
			interrupted |= isInterruptedInJoin(thread, patience);
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		if (thread.isAlive()) {
			logger.warn(LogMessage.format("Thread %s has not ended yet: it hangs in what it does", thread.getName()));
		}
	}

	private static boolean isInterruptedInJoin(Thread thread, Duration patience) {
		try {
			thread.join(patience.toMillis());
			return false;
		}
		catch (InterruptedException ex) {
			return true;
		}
	}

}
