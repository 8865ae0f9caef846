package dev.psat.concurrent.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

import org.jspecify.annotations.Nullable;

/**
 * A thread that logs, for those who must not wait for a log: it may hang. It exists only
 * while there is something to log, and keeps the order of the lines. More than a hundred
 * that wait are not logged.
 *
 * @since 0.1.0
 */
public final class LogThread implements Executor, AutoCloseable {

	private static final int MOST = 100;

	private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

	/** Guarded by its monitor, which survives an error in a thread of a caller. */
	private final Queue<Runnable> lines = new ArrayDeque<>(MOST);

	private final OnDemandThread thread;

	/**
	 * Create an instance without starting a thread.
	 * @param name the name of the thread
	 * @param repeatedError notified of whatever logging throws; the other lines are
	 * logged
	 */
	public LogThread(String name, RepeatedError repeatedError) {
		this((work) -> Threads.create(name, work), repeatedError);
	}

	LogThread(ThreadFactory threads, RepeatedError repeatedError) {
		this.thread = new OnDemandThread(threads, this::log, repeatedError);
	}

	/**
	 * Have a line logged. Does not wait for that.
	 * @param line logs it
	 */
	@Override
	public void execute(Runnable line) {
		synchronized (this.lines) {
			if (this.lines.size() < MOST) {
				this.lines.add(line);
				request();
			}
		}
	}

	/**
	 * Wait until the lines so far are logged, but for a second at most. A log that hangs
	 * is not interrupted, since that could close its channel. The thread ends when it
	 * returns.
	 */
	@Override
	public void close() {
		CompletableFuture<Void> logged = new CompletableFuture<>();
		execute(() -> logged.complete(null));
		Threads.await(logged, CLOSE_PATIENCE);
	}

	private void request() {
		try {
			this.thread.request();
		}
		catch (OutOfMemoryError ex) {
			// no thread can be created: the next line takes this one along
		}
	}

	/**
	 * Log one line. Whatever becomes of it, the others have their turns.
	 */
	private void log() {
		Runnable line = next();
		if (line != null) {
			line.run();
		}
	}

	private @Nullable Runnable next() {
		synchronized (this.lines) {
			if (this.lines.size() > 1) {
				request();
			}
			return this.lines.poll();
		}
	}

}
