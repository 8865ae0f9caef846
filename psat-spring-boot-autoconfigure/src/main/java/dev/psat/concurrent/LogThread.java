package dev.psat.concurrent;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;

/**
 * A thread that logs, for those who must not wait for a log: it may hang. It exists only
 * while there is something to log, and keeps the order of the lines. More than a hundred
 * that wait are not logged.
 *
 * @since 0.1.0
 */
public final class LogThread implements Executor {

	private static final int MOST = 100;

	private final Queue<Runnable> lines = new ArrayBlockingQueue<>(MOST);

	private final OnDemandThread thread;

	/**
	 * Create an instance without starting a thread.
	 * @param name the name of the thread
	 * @param repeatedError notified of whatever logging throws; the other lines are
	 * logged
	 */
	public LogThread(String name, RepeatedError repeatedError) {
		this.thread = new OnDemandThread(name, this::log, repeatedError);
	}

	/**
	 * Have a line logged. Does not wait for that.
	 * @param line logs it
	 */
	@Override
	public void execute(Runnable line) {
		if (this.lines.offer(line)) {
			this.thread.request();
		}
	}

	/**
	 * Log one line. Whatever becomes of it, the others have their turns.
	 */
	private void log() {
		Runnable line = this.lines.poll();
		if (line == null) {
			return;
		}
		try {
			line.run();
		}
		finally {
			this.thread.request();
		}
	}

}
