package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import dev.psat.concurrent.internal.InterruptibleWait;
import dev.psat.concurrent.internal.OnDemandThread;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Threads;
import org.jspecify.annotations.Nullable;

/**
 * Notices a look that does not return, and stands in for the thread that hangs in it:
 * reports that it hangs, and announces the states that follow the clock. Its thread lives
 * while there are looks and a little longer, so that no thread is needed at rest, and
 * looks in quick succession share one. The JDK's timer would do without, but its thread
 * never ends: on JDK 17 it keeps the class loader of the application that used it first,
 * and once an error has ended it, whatever it was to do waits for its next user.
 */
final class LookGuard {

	private final Path path;

	private final Publication publication;

	private final Duration patience;

	private final Duration pause;

	private final Duration closePatience;

	private final OnDemandThread standIn;

	private final RepeatedError repeatedError;

	private final InterruptibleWait waiting = new InterruptibleWait();

	// created here, since there may be no memory left when it is needed
	private final InterruptibleWait.Wait rest = this::rest;

	private volatile @Nullable Attempt attempt;

	private volatile boolean silent;

	/** How long the thread sleeps next, in nanoseconds. */
	private long sleep;

	LookGuard(Path path, Publication publication, Intervals intervals, Executor lines) {
		this.path = path;
		this.publication = publication;
		this.patience = intervals.lookPatience();
		this.pause = intervals.problemPoll();
		this.closePatience = intervals.patience();
		this.standIn = new OnDemandThread("psat-token-guard", this::standIn, new RepeatedError(TokenSource.class,
				"Thread psat-token-guard continues after an unexpected error", lines));
		this.repeatedError = new RepeatedError(TokenSource.class,
				"Reporting a file system that does not answer continues after an error", lines);
	}

	/**
	 * Record that a look begins. Only one look is guarded at a time.
	 * @param now the current time
	 * @return the look, which must be closed before its finding is published
	 */
	Attempt begin(Instant now) {
		Attempt attempt = new Attempt(now);
		// first: a run of the thread that ends now sees it, or another one is requested
		this.attempt = attempt;
		guard();
		return attempt;
	}

	/**
	 * Return whether a look is in progress that should have returned long ago.
	 * @return whether a look hangs
	 */
	boolean isHanging() {
		Attempt attempt = this.attempt;
		boolean hanging = attempt != null && attempt.age() >= this.patience.toNanos();
		if (hanging) {
			// its thread may have died, or could not be created
			guard();
		}
		return hanging;
	}

	/**
	 * Resume reporting after {@link #fallSilent()}.
	 */
	void speak() {
		this.silent = false;
		if (this.attempt != null) {
			guard();
		}
	}

	/**
	 * Report nothing while the source is stopped.
	 */
	void fallSilent() {
		this.silent = true;
		this.waiting.wake();
	}

	void close() {
		Thread thread = this.standIn.retire();
		this.waiting.wake();
		if (thread != null) {
			Threads.end(thread, this.closePatience);
		}
	}

	/**
	 * Ensure that the thread examines the look in progress. A look is taken even if no
	 * thread can be created.
	 */
	private void guard() {
		try {
			if (isWanted()) {
				this.standIn.request();
			}
		}
		catch (OutOfMemoryError ex) {
			// the next look or caller tries again
		}
	}

	private void standIn() {
		this.sleep = this.patience.toNanos();
		do {
			this.waiting.take(this.rest);
		}
		while (isWanted() && examine());
	}

	private boolean rest() throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep(this.sleep);
		return false;
	}

	private boolean isWanted() {
		return !this.silent && !this.standIn.isClosed();
	}

	/**
	 * Report the look in progress if it hangs.
	 * @return whether there is one
	 */
	private boolean examine() {
		Attempt attempt = this.attempt;
		if (attempt == null) {
			return false;
		}
		long left = this.patience.toNanos() - attempt.age();
		this.sleep = (left > 0) ? left : this.pause.toNanos();
		if (left <= 0) {
			try {
				publish(attempt);
				this.publication.announce();
				this.repeatedError.over();
			}
			catch (Throwable ex) {
				this.repeatedError.happened(ex);
			}
		}
		return true;
	}

	/**
	 * Publishes nothing over what the look itself published when it returned after all.
	 */
	private void publish(Attempt attempt) {
		FileProblem silence = FileProblem.silence(this.path, attempt.since);
		this.publication
			.publish((current) -> (this.attempt == attempt) ? current.with(current.source().in(silence)) : current);
	}

	/**
	 * A look in progress.
	 */
	final class Attempt implements AutoCloseable {

		private final Instant since;

		private final long began = System.nanoTime();

		private Attempt(Instant since) {
			this.since = since;
		}

		private long age() {
			return System.nanoTime() - this.began;
		}

		@Override
		public void close() {
			LookGuard.this.attempt = null;
		}

	}

}
