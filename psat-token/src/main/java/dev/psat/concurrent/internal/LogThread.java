package dev.psat.concurrent.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

import org.jspecify.annotations.Nullable;

/**
 * Logs for those who must not wait for a log, which may hang. Keeps the order of the
 * lines. Of those that wait, it keeps a hundred at most.
 */
public final class LogThread implements Executor, AutoCloseable {

	private static final int MOST = 100;

	private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

	/** Guarded by its monitor, which survives an error in a thread of a caller. */
	private final Queue<Runnable> lines = new ArrayDeque<>(MOST);

	private final Time time;

	private final OnDemandThread thread;

	public LogThread(String name, RepeatedError repeatedError, Time time) {
		this(Threads.named(name), repeatedError, time);
	}

	LogThread(ThreadFactory threads, RepeatedError repeatedError, Time time) {
		this.time = time;
		this.thread = new OnDemandThread(threads, this::log, repeatedError, time);
	}

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
	 * is not interrupted, since that could close its channel.
	 */
	@Override
	public void close() {
		CompletableFuture<Void> logged = new CompletableFuture<>();
		execute(() -> logged.complete(null));
		Deadline.in(CLOSE_PATIENCE, this.time).awaitThroughInterrupts(logged);
	}

	private void request() {
		try {
			this.thread.request();
		}
		catch (OutOfMemoryError ex) {
			// no thread can be created: the next line takes this one along
		}
	}

	/** Whatever becomes of this line, the others have their turns. */
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
