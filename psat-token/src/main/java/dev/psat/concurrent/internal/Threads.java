package dev.psat.concurrent.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadFactory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

public final class Threads {

	private static final Logger logger = LoggerFactory.getLogger(Threads.class);

	/** Who ends a thread may hold a lock, and a log may hang. */
	private static final LogThread lines = new LogThread("psat-log",
			new RepeatedError(Threads.class, "That a thread has not ended could not be logged"), Time.ofSystem());

	private Threads() {
	}

	/** What {@link #create(String, Runnable) creates} threads of a name. */
	static ThreadFactory named(String name) {
		return (task) -> create(name, task);
	}

	/**
	 * A daemon that inherits nothing from the calling thread: no inheritable thread
	 * locals, no context class loader, no priority.
	 */
	public static Thread create(String name, Runnable task) {
		Thread thread = new Thread(null, task, name, 0, false);
		thread.setDaemon(true);
		thread.setPriority(Thread.NORM_PRIORITY);
		thread.setContextClassLoader(Threads.class.getClassLoader());
		return thread;
	}

	public static void end(Thread thread, Duration patience) {
		end(List.of(thread), patience);
	}

	/**
	 * Wait for threads that have been told to end; interrupt those that do not, and wait
	 * again. A thread does not wait for itself, and a caller that has been interrupted
	 * waits nonetheless.
	 */
	public static void end(Collection<Thread> threads, Duration patience) {
		List<Thread> others = threads.stream().filter((thread) -> thread != Thread.currentThread()).toList();
		boolean interrupted = Thread.interrupted();
		interrupted |= isInterruptedInJoin(others, patience);
		List<Thread> stubborn = others.stream().filter(Thread::isAlive).toList();
		stubborn.forEach(Thread::interrupt);
		interrupted |= isInterruptedInJoin(stubborn, patience);
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		stubborn.stream()
			.filter(Thread::isAlive)
			.map(Thread::getName)
			.forEach((name) -> lines.execute(() -> logger.warn("Thread {} has not ended yet: its task hangs", name)));
	}

	private static boolean isInterruptedInJoin(Collection<Thread> threads, Duration patience) {
		long deadline = System.nanoTime() + patience.toNanos();
		try {
			for (Thread thread : threads) {
				// zero would mean forever
				thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
			}
			return false;
		}
		catch (InterruptedException ex) {
			return true;
		}
	}

}
