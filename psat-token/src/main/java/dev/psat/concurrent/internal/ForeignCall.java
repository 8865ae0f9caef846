package dev.psat.concurrent.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * A call to something that may never answer: a file system, or code of the application.
 * While it hangs, no other is made, since that would hang as well. An answer for which
 * nobody waits any longer is dropped.
 */
public final class ForeignCall<T> {

	/** After how long a call is considered to hang. */
	public static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final Duration END_PATIENCE = Duration.ofMillis(500);

	private final ThreadFactory threads;

	private final Callable<T> call;

	private final Time time;

	/** Forgotten once it has ended, since its answer may be a secret. */
	private final AtomicReference<@Nullable Attempt> attempt = new AtomicReference<>();

	public ForeignCall(String threadName, Callable<T> call, Time time) {
		this(Threads.named(threadName), call, time);
	}

	ForeignCall(ThreadFactory threads, Callable<T> call, Time time) {
		this.threads = threads;
		this.call = call;
		this.time = time;
	}

	/** Only one thread at a time may make the call. */
	public Answer<T> begin() throws SilenceException {
		Attempt before = this.attempt.get();
		if (before != null && before.thread().isAlive()) {
			throw new SilenceException(before.since());
		}
		Answer<T> answer = new Answer<>(this::call);
		Thread thread = this.threads.newThread(answer);
		this.attempt.set(new Attempt(thread, this.time.now()));
		try {
			this.time.start(thread);
		}
		catch (OutOfMemoryError ex) {
			// no thread can be created
			this.attempt.set(null);
			answer.run();
		}
		return answer;
	}

	private T call() throws Exception {
		try {
			return this.call.call();
		}
		finally {
			Attempt attempt = this.attempt.get();
			if (attempt != null && attempt.thread() == Thread.currentThread()) {
				this.attempt.set(null);
			}
		}
	}

	/**
	 * The call goes on if there is no answer in time, and is interrupted if the wait is.
	 */
	public T await(Answer<T> answer, Duration patience)
			throws ExecutionException, SilenceException, InterruptedException {
		try {
			this.time.await(answer.done, patience.toNanos());
			return answer.get();
		}
		catch (TimeoutException ex) {
			Attempt attempt = this.attempt.get();
			throw new SilenceException((attempt != null) ? attempt.since() : this.time.now());
		}
		catch (InterruptedException ex) {
			interrupt();
			throw ex;
		}
	}

	private void interrupt() {
		Attempt attempt = this.attempt.get();
		if (attempt != null) {
			attempt.thread().interrupt();
		}
	}

	public void end() {
		Attempt attempt = this.attempt.get();
		if (attempt != null) {
			Threads.end(attempt.thread(), END_PATIENCE);
		}
	}

	private record Attempt(Thread thread, Instant since) {

	}

	public static final class Answer<T> extends FutureTask<T> {

		private final CompletableFuture<Void> done = new CompletableFuture<>();

		private Answer(Callable<T> call) {
			super(call);
		}

		@Override
		protected void done() {
			this.done.complete(null);
		}

	}

	public static final class SilenceException extends Exception {

		private final Instant since;

		private SilenceException(Instant since) {
			super("No answer since " + since);
			this.since = since;
		}

		public Instant since() {
			return this.since;
		}

	}

}
