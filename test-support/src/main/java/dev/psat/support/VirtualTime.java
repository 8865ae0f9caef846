package dev.psat.support;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Time that passes when a test says so, and only while every thread that was started here
 * is at rest: it sleeps, hangs on purpose or has ended. So whatever was due has been done
 * when the test goes on. The wall clock begins at the present, by which TLS judges.
 */
public final class VirtualTime {

	private static final long FIRST = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(30);

	private final Instant began = Instant.now();

	/** Guards what follows. */
	private final Object monitor = new Object();

	/** Overflows soon, as that of a JVM may. */
	private long nanos = FIRST;

	private Duration ahead = Duration.ZERO;

	private final Set<Thread> started = new HashSet<>();

	private final List<Rest> rests = new ArrayList<>();

	/**
	 * Return the wall clock.
	 */
	public Clock clock() {
		InstantSource source = () -> {
			synchronized (this.monitor) {
				return this.began.plusNanos(this.nanos - FIRST).plus(this.ahead);
			}
		};
		return source.withZone(ZoneOffset.UTC);
	}

	/**
	 * Return the monotonic time.
	 */
	public long nanos() {
		synchronized (this.monitor) {
			return this.nanos;
		}
	}

	/**
	 * Start a thread for whose rest {@link #pass} waits.
	 */
	public void start(Thread thread) {
		synchronized (this.monitor) {
			thread.start();
			this.started.add(thread);
		}
	}

	/**
	 * Sleep until so much time has passed.
	 */
	public void sleep(long nanos) throws InterruptedException {
		rest(Kind.SLEEP, nanos, new CompletableFuture<>());
	}

	/**
	 * Wait for an answer until so much time has passed, which it only does in
	 * {@link #passInVain}.
	 */
	public <T> T await(CompletableFuture<T> answer, long nanos)
			throws InterruptedException, ExecutionException, TimeoutException {
		if (!answer.isDone()) {
			rest(Kind.WAIT, nanos, answer);
		}
		if (!answer.isDone()) {
			throw new TimeoutException();
		}
		return answer.get();
	}

	/**
	 * Hang until this is done, as somebody whom a test plays may do on a thread that was
	 * started here.
	 */
	public void hang(CompletableFuture<?> end) throws InterruptedException {
		rest(Kind.HANG, Long.MAX_VALUE, end);
	}

	/**
	 * Set the wall clock, which the monotonic time does not notice.
	 * @param ahead how far it is ahead of where it would be
	 */
	public void setAhead(Duration ahead) {
		synchronized (this.monitor) {
			this.ahead = ahead;
		}
	}

	/**
	 * Wait until every thread that was started here is at rest.
	 */
	public void settle() {
		pass(Duration.ZERO);
	}

	/**
	 * Let time pass, and wait at each moment at which somebody wakes until all are at
	 * rest again. Whoever waits for an answer is not.
	 */
	public void pass(Duration time) {
		pass(time, false);
	}

	/**
	 * Let time pass while no answer comes: whoever waits for one is at rest, and gives up
	 * in time.
	 */
	public void passInVain(Duration time) {
		pass(time, true);
	}

	private void pass(Duration time, boolean vain) {
		long end = nanos() + time.toNanos();
		boolean over = false;
		while (!over) {
			synchronized (this.monitor) {
				awaitRest(vain);
				Optional<Rest> next = next(end, vain);
				long now = next.map(Rest::due).orElse(end);
				// whoever slept in vain so far is overdue
				this.nanos = (now - this.nanos > 0) ? now : this.nanos;
				next.ifPresent(this.rests::remove);
				this.monitor.notifyAll();
				over = next.isEmpty();
			}
		}
	}

	private void rest(Kind kind, long nanos, CompletableFuture<?> end) throws InterruptedException {
		synchronized (this.monitor) {
			Rest rest = new Rest(Thread.currentThread(), kind, this.nanos + nanos, end);
			this.rests.add(rest);
			end.whenComplete((result, failure) -> wake());
			wake();
			try {
				while (this.rests.contains(rest) && !end.isDone()) {
					this.monitor.wait();
				}
			}
			finally {
				this.rests.remove(rest);
			}
		}
	}

	private void wake() {
		synchronized (this.monitor) {
			this.monitor.notifyAll();
		}
	}

	private void awaitRest(boolean vain) {
		long patience = System.nanoTime() + Patience.LIMIT.toNanos();
		while (true) {
			this.started.removeIf((thread) -> !thread.isAlive());
			List<Thread> busy = this.started.stream().filter((thread) -> !isAtRest(thread, vain)).toList();
			if (busy.isEmpty()) {
				return;
			}
			if (System.nanoTime() - patience > 0) {
				throw new AssertionError("Not at rest: " + describe(busy));
			}
			try {
				// nobody tells of an end or an interrupt
				this.monitor.wait(1);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	private boolean isAtRest(Thread thread, boolean vain) {
		return this.rests.stream().anyMatch((rest) -> rest.thread() == thread && rest.isRest(vain));
	}

	private Optional<Rest> next(long end, boolean vain) {
		return this.rests.stream()
			.filter((rest) -> rest.isRest(vain) && rest.kind() != Kind.HANG && rest.due() - end <= 0)
			.min(Comparator.comparingLong((rest) -> rest.due() - end));
	}

	private static String describe(List<Thread> threads) {
		StringBuilder description = new StringBuilder();
		for (Thread thread : threads) {
			description.append(thread);
			for (StackTraceElement element : thread.getStackTrace()) {
				description.append("\n\tat ").append(element);
			}
			description.append('\n');
		}
		return description.toString();
	}

	private enum Kind {

		SLEEP, WAIT, HANG

	}

	private record Rest(Thread thread, Kind kind, long due, CompletableFuture<?> end) {

		boolean isRest(boolean vain) {
			return (vain || this.kind != Kind.WAIT) && !this.end.isDone() && !this.thread.isInterrupted();
		}

	}

}
