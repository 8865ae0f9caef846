package dev.psat.spire.server;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import dev.psat.concurrent.internal.TestTime;
import dev.psat.concurrent.internal.Time;

/**
 * Virtual time that leaps where a test says so, and flows while a test waits.
 */
final class VisitTime {

	/** As short as any pause of ours. */
	private static final Duration STEP = Duration.ofMillis(50);

	private final TestTime flow = new TestTime();

	private final AtomicReference<Duration> leapt = new AtomicReference<>(Duration.ZERO);

	private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

	private final Time time = new Seen();

	/**
	 * Let time leap for everyone, as where a machine was suspended: whoever sleeps sleeps
	 * on.
	 */
	void pass(Duration time) {
		this.leapt.updateAndGet((leapt) -> leapt.plus(time));
	}

	/**
	 * Let a moment pass once all threads of identities are at rest, and wait until they
	 * are again.
	 */
	void flow() {
		this.flow.passInVain(STEP);
	}

	/** Wait until all threads of identities are at rest. */
	void settle() {
		this.flow.passInVain(Duration.ZERO);
	}

	/** See {@link TestTime#hang(CompletableFuture)}. */
	void hang(CompletableFuture<?> end) throws InterruptedException {
		this.flow.hang(end);
	}

	/**
	 * The same for who heeds no interrupt.
	 */
	void hangStubbornly(CompletableFuture<?> end) {
		while (!end.isDone()) {
			try {
				hang(end);
			}
			catch (InterruptedException ex) {
				// heeded by nobody
			}
		}
	}

	/**
	 * Set the clock of everybody but the identity.
	 * @param ahead how far it is ahead of that of the identity, negative if behind
	 */
	void setOthersAhead(Duration ahead) {
		this.ahead.set(ahead);
	}

	/** What the server, kubelet and the API server see. */
	Clock clock() {
		return shifted(() -> this.leapt.get().plus(this.ahead.get()));
	}

	/** What the identity sees. */
	Time time() {
		return this.time;
	}

	private Clock shifted(Supplier<Duration> shift) {
		InstantSource clock = () -> this.flow.now().plus(shift.get());
		return clock.withZone(ZoneOffset.UTC);
	}

	private final class Seen implements Time {

		private final Clock clock = shifted(VisitTime.this.leapt::get);

		private final Set<Thread> started = ConcurrentHashMap.newKeySet();

		@Override
		public Clock clock() {
			return this.clock;
		}

		@Override
		public long nanos() {
			return VisitTime.this.flow.nanos() + VisitTime.this.leapt.get().toNanos();
		}

		@Override
		public void sleep(long nanos) throws InterruptedException {
			if (isStarted()) {
				VisitTime.this.flow.sleep(nanos);
			}
			else {
				flowFor(new CompletableFuture<>(), nanos);
			}
		}

		@Override
		public <T> T await(CompletableFuture<T> answer, long nanos)
				throws InterruptedException, ExecutionException, TimeoutException {
			if (isStarted()) {
				return VisitTime.this.flow.await(answer, nanos);
			}
			flowFor(answer, nanos);
			if (!answer.isDone()) {
				throw new TimeoutException();
			}
			return answer.get();
		}

		private boolean isStarted() {
			return this.started.contains(Thread.currentThread());
		}

		/** Nobody else lets time pass while a test calls. */
		private void flowFor(CompletableFuture<?> answer, long nanos) throws InterruptedException {
			long end = VisitTime.this.flow.nanos() + nanos;
			while (!answer.isDone() && VisitTime.this.flow.nanos() - end < 0) {
				if (Thread.interrupted()) {
					throw new InterruptedException();
				}
				try {
					settle();
					if (!answer.isDone()) {
						flow();
					}
				}
				catch (IllegalStateException ex) {
					if (ex.getCause() instanceof InterruptedException interrupt) {
						throw interrupt;
					}
					throw ex;
				}
			}
		}

		@Override
		public void start(Thread thread) {
			this.started.removeIf((other) -> other.getState() == Thread.State.TERMINATED);
			this.started.add(thread);
			VisitTime.this.flow.start(thread);
		}

		@Override
		public RandomGenerator random() {
			return VisitTime.this.flow.random();
		}

	}

}
