package dev.psat.spire;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.concurrent.Mishap;
import dev.psat.concurrent.Nap;
import dev.psat.concurrent.Threads;
import org.jspecify.annotations.Nullable;

/**
 * The thread that visits the server, again and again.
 */
final class VisitLoop {

	private static final Duration STOP_PATIENCE = Duration.ofMillis(500);

	private static final Duration AFTER_MISHAP = Duration.ofMinutes(1);

	private final Visits visits;

	private final Mishap mishap = new Mishap(SpireIdentity.class,
			"The visits to the SPIRE Server go on after an error that could not be told otherwise");

	private final Nap nap = new Nap();

	private final Thread thread = Threads.create("psat-spire", this::run);

	private final AtomicReference<@Nullable CompletableFuture<Void>> wanted = new AtomicReference<>();

	private volatile boolean stopping;

	VisitLoop(Visits visits) {
		this.visits = visits;
	}

	void start() {
		this.thread.start();
	}

	/**
	 * Visit now, whatever the schedule says.
	 */
	void nudge() {
		this.nap.wake();
	}

	/**
	 * Ask for a visit that begins after this call and sees to it that there is an agent.
	 * @return done when that visit has ended, whatever came of it, or when there will be
	 * none
	 */
	Future<Void> want() {
		CompletableFuture<Void> visit = this.wanted
			.updateAndGet((wanted) -> (wanted != null) ? wanted : new CompletableFuture<>());
		nudge();
		if (this.stopping) {
			done(this.wanted.getAndSet(null));
		}
		return (visit != null) ? visit : CompletableFuture.completedFuture(null);
	}

	void stop() {
		this.stopping = true;
		nudge();
		Threads.end(this.thread, STOP_PATIENCE);
	}

	private void run() {
		try {
			while (!this.stopping) {
				CompletableFuture<Void> wanted = this.wanted.getAndSet(null);
				Duration next;
				try {
					next = visit(wanted != null);
				}
				finally {
					done(wanted);
				}
				if (!this.stopping) {
					this.nap.take(() -> sleep(next));
				}
			}
		}
		finally {
			this.stopping = true;
			done(this.wanted.getAndSet(null));
		}
	}

	/**
	 * Whatever comes, such as the end of the memory, the thread must not.
	 */
	private Duration visit(boolean wanted) {
		try {
			return this.visits.visit(wanted);
		}
		catch (Throwable ex) {
			this.mishap.happened(ex);
			return AFTER_MISHAP;
		}
	}

	private static boolean sleep(Duration time) throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep(time.toNanos());
		return false;
	}

	private static void done(@Nullable CompletableFuture<Void> wanted) {
		if (wanted != null) {
			wanted.complete(null);
		}
	}

	/**
	 * What there is to do each time.
	 */
	interface Visits {

		/**
		 * Visit the server.
		 * @param wanted whether somebody waits for an agent
		 * @return how long to wait until the next visit
		 */
		Duration visit(boolean wanted);

	}

}
