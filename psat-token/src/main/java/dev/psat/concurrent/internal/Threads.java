package dev.psat.concurrent.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates and ends threads, and waits for them.
 *
 * @since 0.1.0
 */
public final class Threads {

	private static final Logger logger = LoggerFactory.getLogger(Threads.class);

	/** Whoever ends a thread may hold a lock, and a log may hang. */
	private static final LogThread lines = new LogThread("psat-log",
			new RepeatedError(Threads.class, "That a thread has not ended could not be logged"));

	private Threads() {
	}

	/**
	 * Create a daemon thread that inherits nothing from the calling thread: no
	 * inheritable thread locals, no context class loader, no priority.
	 * @param name the name of the thread
	 * @param task the task to run
	 * @return the thread, not started yet
	 */
	public static Thread create(String name, Runnable task) {
		Thread thread = new Thread(null, task, name, 0, false);
		thread.setDaemon(true);
		thread.setPriority(Thread.NORM_PRIORITY);
		thread.setContextClassLoader(Threads.class.getClassLoader());
		return thread;
	}

	/**
	 * Wait for a thread that has been told to end.
	 * @param thread the thread
	 * @param patience how long to wait at most
	 * @see #end(Collection, Duration)
	 */
	public static void end(Thread thread, Duration patience) {
		end(List.of(thread), patience);
	}

	/**
	 * Wait for threads that have been told to end; interrupt those that do not, and wait
	 * again. A thread does not wait for itself, and a caller that has been interrupted
	 * waits nonetheless.
	 * @param threads the threads
	 * @param patience how long to wait at most for all of them, each time
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

	/**
	 * Wait for what another thread does, whatever comes of it. A caller that has been
	 * interrupted waits nonetheless: the interrupt is meant for what it does next.
	 * @param done done when the other thread has done it
	 * @param patience how long to wait at most
	 */
	public static void await(Future<Void> done, Duration patience) {
		long deadline = System.nanoTime() + patience.toNanos();
		boolean interrupted = false;
		while (true) {
			try {
				done.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
				break;
			}
			catch (TimeoutException | ExecutionException ex) {
				// the caller looks at what has come of it
				break;
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
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
