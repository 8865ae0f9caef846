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
 * Notices a look that does not come back, and does meanwhile what the thread that hangs
 * in it cannot do: says so, and tells of the states that follow the clock. The JDK's
 * timer, which the whole process shares, watches over the looks, so that at rest this
 * needs no thread of ours: it fires at most once per patience period.
 */
final class LookGuard {

	private final Path path;

	private final Publication publication;

	private final Duration patience;

	private final Duration pause;

	private final Duration closePatience;

	private final OnDemandThread standIn = new OnDemandThread("psat-token-guard", this::standIn,
			new Mishap(TokenSource.class, "Thread psat-token-guard goes on after an unexpected error"));

	private final Mishap mishap = new Mishap(TokenSource.class,
			"Telling of a file system that does not answer goes on after an error");

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
	 * Record that a look begins. One look at a time is guarded.
	 * @param now the present
	 * @return the look, which has to be closed before what it found is published
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
	 * Return whether a look is under way that should have come back long ago.
	 * @return whether a look hangs
	 */
	boolean isHanging() {
		return hanging() != null;
	}

	/**
	 * Tell again, if a look hangs: nobody may do so, since the source was stopped, or no
	 * thread could be created.
	 */
	void speak() {
		this.silent = false;
		if (isHanging()) {
			this.standIn.request();
		}
	}

	/**
	 * Tell nothing while nothing watches.
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
	 * The JDK's thread may begin to exist here. It is there for good and inherits the
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
	 * On the JDK's thread, which must not be held up.
	 */
	private void fire() {
		// first, so that a look that begins now either is seen here or sets the timer
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
