package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * Notices a look that does not come back, and does meanwhile what the thread that hangs
 * in it cannot do: says so, and tells of the states that follow the clock. The JDK's
 * timer, which all the process shares, rings at most once in its patience, so that a look
 * costs no thread of ours.
 */
final class LookGuard {

	private final Publication publication;

	private final Path path;

	private final Duration patience;

	private final Duration pause;

	private final Duration closePatience;

	private final OnDemandThread standIn = new OnDemandThread("psat-token-guard", this::standIn);

	private final AtomicBoolean timing = new AtomicBoolean();

	private volatile @Nullable Attempt attempt;

	LookGuard(Path path, Publication publication, Intervals intervals) {
		this.path = path;
		this.publication = publication;
		this.patience = intervals.lookPatience();
		this.pause = intervals.troubledPoll();
		this.closePatience = intervals.patience();
	}

	/**
	 * Take notice that a look begins. One look at a time is guarded.
	 * @param now the present
	 * @return the look, which has to be ended before what it found is published
	 */
	Attempt begin(Instant now) {
		Attempt attempt = new Attempt(now);
		this.attempt = attempt;
		try {
			setTimer(this.patience.toNanos());
		}
		catch (RuntimeException | Error ex) {
			attempt.close();
			throw ex;
		}
		return attempt;
	}

	/**
	 * Return whether a look is under way that should have come back long ago.
	 * @return whether a look hangs
	 */
	boolean isHanging() {
		return hanging() != null;
	}

	void close() {
		Thread thread = this.standIn.retire();
		Attempt attempt = this.attempt;
		if (attempt != null) {
			attempt.release.countDown();
		}
		if (thread != null) {
			Threads.end(thread, this.closePatience);
		}
	}

	private @Nullable Attempt hanging() {
		Attempt attempt = this.attempt;
		return (attempt != null && attempt.age() >= this.patience.toNanos()) ? attempt : null;
	}

	private void setTimer(long nanos) {
		if (this.timing.compareAndSet(false, true)) {
			try {
				CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run).execute(this::ring);
			}
			catch (RuntimeException | Error ex) {
				this.timing.set(false);
				throw ex;
			}
		}
	}

	/**
	 * On the JDK's thread, which must not be held up.
	 */
	private void ring() {
		// first, so that a look that begins now either is seen here or sets the timer
		this.timing.set(false);
		Attempt attempt = this.attempt;
		if (attempt == null || this.standIn.isClosed()) {
			return;
		}
		long left = this.patience.toNanos() - attempt.age();
		if (left > 0) {
			setTimer(left);
		}
		else {
			this.standIn.request();
		}
	}

	private void standIn() {
		for (Attempt attempt = hanging(); attempt != null && !this.standIn.isClosed(); attempt = hanging()) {
			publish(attempt);
			this.publication.announce();
			try {
				attempt.release.await(this.pause.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

	/**
	 * Nothing is published over what the look itself published when it came back after
	 * all.
	 */
	private void publish(Attempt attempt) {
		Trouble silence = Trouble.silence(this.path, attempt.since);
		this.publication
			.publish((current) -> (this.attempt == attempt) ? current.with(current.source().in(silence)) : current);
	}

	/**
	 * A look that is under way.
	 */
	final class Attempt implements AutoCloseable {

		private final Instant since;

		private final long began = System.nanoTime();

		private final CountDownLatch release = new CountDownLatch(1);

		private Attempt(Instant since) {
			this.since = since;
		}

		private long age() {
			return System.nanoTime() - this.began;
		}

		@Override
		public void close() {
			LookGuard.this.attempt = null;
			this.release.countDown();
		}

	}

}
