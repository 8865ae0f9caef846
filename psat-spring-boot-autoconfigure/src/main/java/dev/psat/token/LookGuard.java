package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import dev.psat.concurrent.Mishap;
import dev.psat.concurrent.Nap;
import dev.psat.concurrent.OnDemandThread;
import dev.psat.concurrent.Threads;

/**
 * Notices a look that does not return, and stands in for the thread that hangs in it:
 * reports that it hangs, and announces the states that follow the clock. Looks are timed
 * by the JDK's timer, which is shared by the whole process and fires at most once per
 * patience period, so that no thread of ours is needed at rest.
 */
final class LookGuard {

	private final Path path;

	private final Publication publication;

	private final Duration patience;

	private final Duration pause;

	private final Duration closePatience;

	private final OnDemandThread standIn = new OnDemandThread("psat-token-guard", this::standIn,
			new Mishap(TokenSource.class, "Thread psat-token-guard continues after an unexpected error"));

	private final Mishap mishap = new Mishap(TokenSource.class,
			"Reporting a file system that does not answer continues after an error");

	private final Nap nap = new Nap();

	private final AtomicBoolean timing = new AtomicBoolean();

	private volatile @Nullable Attempt attempt;

	private volatile boolean silent;

	LookGuard(Path path, Publication publication, Intervals intervals) {
		this.path = path;
		this.publication = publication;
		this.patience = intervals.lookPatience();
		this.pause = intervals.troubledPoll();
		this.closePatience = intervals.patience();
	}

	/**
	 * Record that a look begins. Only one look is guarded at a time.
	 * @param now the current time
	 * @return the look, which must be closed before its finding is published
	 */
	Attempt begin(Instant now) {
		Attempt attempt = new Attempt(now);
		// before the timer: one that fires now sees either this attempt or none
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
	 * Return whether a look is in progress that should have returned long ago.
	 * @return whether a look hangs
	 */
	boolean isHanging() {
		return hanging() != null;
	}

	/**
	 * Resume reporting if a look hangs: it may have ceased because the source was stopped
	 * or no thread could be created.
	 */
	void speak() {
		this.silent = false;
		if (isHanging()) {
			this.standIn.request();
		}
	}

	/**
	 * Report nothing while the source is stopped.
	 */
	void fallSilent() {
		this.silent = true;
		this.nap.wake();
	}

	void close() {
		Thread thread = this.standIn.retire();
		this.nap.wake();
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
				startTimer(nanos);
			}
			catch (RuntimeException | Error ex) {
				this.timing.set(false);
				throw ex;
			}
		}
	}

	/**
	 * The JDK may create its thread here. The thread lives forever and inherits the
	 * context class loader, which must not be that of an application.
	 */
	private void startTimer(long nanos) {
		Thread thread = Thread.currentThread();
		ClassLoader loader = thread.getContextClassLoader();
		thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
		try {
			CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run).execute(this::fire);
		}
		finally {
			thread.setContextClassLoader(loader);
		}
	}

	/**
	 * Called on the JDK's thread, which must not be blocked.
	 */
	private void fire() {
		// first, so that a look that begins now is either seen here or sets the timer
		this.timing.set(false);
		Attempt attempt = this.attempt;
		if (attempt == null || this.silent || this.standIn.isClosed()) {
			return;
		}
		long left = this.patience.toNanos() - attempt.age();
		if (left > 0) {
			setTimer(left);
			return;
		}
		try {
			this.standIn.request();
		}
		catch (OutOfMemoryError ex) {
			// no thread can be created now
			setTimer(this.pause.toNanos());
		}
	}

	private void standIn() {
		for (Attempt attempt = hanging(); attempt != null && isWanted(); attempt = hanging()) {
			try {
				publish(attempt);
				this.publication.announce();
				this.mishap.over();
			}
			catch (Throwable ex) {
				this.mishap.happened(ex);
			}
			CountDownLatch end = attempt.end;
			this.nap.take(() -> end.await(this.pause.toNanos(), TimeUnit.NANOSECONDS));
		}
	}

	private boolean isWanted() {
		return !this.silent && !this.standIn.isClosed();
	}

	/**
	 * Publishes nothing over what the look itself published when it returned after all.
	 */
	private void publish(Attempt attempt) {
		Trouble silence = Trouble.silence(this.path, attempt.since);
		this.publication
			.publish((current) -> (this.attempt == attempt) ? current.with(current.source().in(silence)) : current);
	}

	/**
	 * A look in progress.
	 */
	final class Attempt implements AutoCloseable {

		private final Instant since;

		private final long began = System.nanoTime();

		private final CountDownLatch end = new CountDownLatch(1);

		private Attempt(Instant since) {
			this.since = since;
		}

		private long age() {
			return System.nanoTime() - this.began;
		}

		@Override
		public void close() {
			LookGuard.this.attempt = null;
			this.end.countDown();
		}

	}

}
