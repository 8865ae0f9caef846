package dev.psat.token;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.psat.support.Leftovers;
import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Sources are started, stopped, closed and asked, all at the same time.
 */
@Matrix
class LifecycleTortureTests extends SourceTorture {

	private final Leftovers leftovers = new Leftovers();

	@AutoClose
	SimulatedKubelet kubelet;

	private final AtomicReference<LookObserver> observer = new AtomicReference<>((outcome, sinceCause) -> {
	});

	@BeforeEach
	void setUp() {
		this.kubelet = SimulatedKubelet.builder().directory(this.directory).build();
		this.source = source();
	}

	@Test
	void nothingHappensAfterClose() throws Exception {
		for (int turn = 0; turn < 20; turn++) {
			AtomicInteger calls = new AtomicInteger();
			FileTokenSource source = source();
			source.addListener((previous, current) -> calls.incrementAndGet());
			source.start();
			try (Rotator rotator = new Rotator(this.kubelet)) {
				TimeUnit.MILLISECONDS.sleep(turn);
				source.close();
				int before = calls.get();
				long looksBefore = this.looks.get();
				TimeUnit.MILLISECONDS.sleep(10);
				assertThat(calls.get()).isEqualTo(before);
				assertThat(this.looks.get()).isEqualTo(looksBefore);
				assertThat(Shown.watch(source.status()).mode()).isEqualTo(WatchMode.STOPPED);
			}
		}
		this.leftovers.expectNone();
	}

	@Test
	void closedWhileItLooks() throws Exception {
		CountDownLatch looking = new CountDownLatch(1);
		AtomicInteger interrupted = new AtomicInteger();
		this.observer.set((outcome, sinceCause) -> {
			looking.countDown();
			try {
				TimeUnit.MINUTES.sleep(1);
			}
			catch (InterruptedException ex) {
				interrupted.incrementAndGet();
			}
		});
		this.source.start();
		assertThat(looking.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
		this.source.close();
		soon().untilAsserted(() -> assertThat(interrupted.get()).isPositive());
		this.leftovers.expectNone();
	}

	@Test
	void closedByTheThreadThatLooks() throws Exception {
		startWithEvents(this.source);
		CountDownLatch closed = new CountDownLatch(1);
		this.observer.set((outcome, sinceCause) -> {
			this.source.close();
			closed.countDown();
		});
		this.kubelet.rotate();
		assertThat(closed.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
		this.leftovers.expectNone();
		assertThat(Shown.watch(this.source.status()).mode()).isEqualTo(WatchMode.STOPPED);
	}

	/**
	 * If one waited for the other, it would take a second each time.
	 */
	@Test
	void closedByTheThreadThatLooksWhileAnotherDoes() {
		soon().untilAsserted(() -> assertThat(closeWhileTheThreadThatLooksDoes()).isLessThan(Duration.ofSeconds(1)));
		this.leftovers.expectNone();
	}

	@Test
	void closedByAThreadThatIsInterrupted() throws Exception {
		this.source.start();
		this.source.addListener((previous, current) -> {
		});
		Thread.currentThread().interrupt();
		this.source.close();
		assertThat(Thread.interrupted()).isTrue();
		this.leftovers.expectNone();
	}

	@Test
	void closedByManyAtOnce() throws Exception {
		for (int turn = 0; turn < 10; turn++) {
			FileTokenSource source = source();
			source.start();
			atOnce(8, () -> {
				source.close();
				assertThatIllegalStateException().isThrownBy(source::value);
				return null;
			});
			awaitNobodyWatches();
			source.close();
		}
		this.leftovers.expectNone();
	}

	@Test
	void startedAndStoppedAgainAndAgain() {
		for (int turn = 1; turn <= 20; turn++) {
			startWithEvents(this.source);
			this.source.start();
			assertThat(RunningThreads.beginningWith("psat-token-watch")).hasSize(1);
			awaitToken(this.kubelet.rotate());
			assertThat(Snapshot.generation(this.source.status())).isGreaterThanOrEqualTo(turn);
			this.source.stop();
			this.source.stop();
			awaitNobodyWatches();
			assertThat(Shown.watch(this.source.status()).mode()).isEqualTo(WatchMode.STOPPED);
		}
		this.leftovers.expectNone();
	}

	@Test
	void startedAndStoppedByManyAtOnce() throws Exception {
		AtomicInteger turns = new AtomicInteger();
		atOnce(4, () -> {
			for (int turn = 0; turn < 25; turn++) {
				if (turns.incrementAndGet() % 2 == 0) {
					this.source.start();
				}
				else {
					this.source.stop();
				}
			}
			return null;
		});
		startWithEvents(this.source);
		assertThat(RunningThreads.beginningWith("psat-token-watch")).hasSize(1);
		awaitToken(this.kubelet.rotate());
		this.source.close();
		this.leftovers.expectNone();
	}

	@Test
	void startedWhileItIsClosed() throws Exception {
		for (int turn = 0; turn < 30; turn++) {
			FileTokenSource source = source();
			atOnce(4, () -> {
				try {
					source.start();
					source.close();
				}
				catch (IllegalStateException ex) {
					assertThat(ex).hasMessageContaining("closed");
				}
				return null;
			});
			assertThatIllegalStateException().isThrownBy(source::value);
		}
		this.leftovers.expectNone();
	}

	@Test
	void askedByManyBeforeTheStart() throws Exception {
		this.source = source(patientIntervals(NEVER, Duration.ofSeconds(10)));
		List<String> values = atOnce(100, this.source::value);
		assertThat(values).hasSize(100).containsOnly(this.kubelet.token());
		assertThat(this.looks.get()).isLessThan(100);
		assertThat(Snapshot.generation(this.source.status())).isEqualTo(1);
		assertThat(Shown.watch(this.source.status()).mode()).isEqualTo(WatchMode.STOPPED);
	}

	@Test
	void askedByAHundredThousandThreads() throws Exception {
		startWithEvents(this.source);
		AtomicInteger answers = new AtomicInteger();
		ExecutorService threads = manyThreads();
		try (Rotator rotator = new Rotator(this.kubelet)) {
			for (int thread = 0; thread < 100_000; thread++) {
				threads.execute(() -> {
					if (!this.source.value().isEmpty()) {
						answers.incrementAndGet();
					}
				});
			}
			threads.shutdown();
			assertThat(threads.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
		}
		assertThat(answers).hasValue(100_000);
		awaitToken(this.kubelet.rotate());
	}

	/**
	 * Close a source while the thread that looks closes it, too, and return how long that
	 * took.
	 */
	private Duration closeWhileTheThreadThatLooksDoes() throws Exception {
		try (FileTokenSource source = source()) {
			startWithEvents(source);
			CountDownLatch looking = new CountDownLatch(1);
			AtomicReference<Thread> closing = new AtomicReference<>();
			AtomicBoolean closed = new AtomicBoolean();
			this.observer.set((outcome, sinceCause) -> {
				looking.countDown();
				while (!closed.get()
						&& (closing.get() == null || closing.get().getState() != Thread.State.TIMED_WAITING)) {
					LockSupport.parkNanos(100_000);
				}
				source.close();
			});
			this.kubelet.rotate();
			assertThat(looking.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
			long start = System.nanoTime();
			closing.set(Thread.currentThread());
			source.close();
			Duration time = Duration.ofNanos(System.nanoTime() - start);
			// the other may have come too late to see it wait
			closed.set(true);
			this.observer.set((outcome, sinceCause) -> {
			});
			return time;
		}
	}

	private static void awaitNobodyWatches() {
		soon().untilAsserted(() -> assertThat(RunningThreads.beginningWith("psat-token-watch")).isEmpty());
	}

	private FileTokenSource source() {
		return source(patientIntervals(NEVER));
	}

	private FileTokenSource source(Intervals intervals) {
		return source(this.kubelet.tokenPath(), intervals, (outcome, sinceCause) -> {
			this.looks.incrementAndGet();
			this.observer.get().looked(outcome, sinceCause);
		});
	}

	private static <T> List<T> atOnce(int count, Callable<T> task) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(count);
		CountDownLatch ready = new CountDownLatch(count);
		try {
			Callable<T> together = () -> {
				ready.countDown();
				ready.await();
				return task.call();
			};
			List<T> results = new ArrayList<>();
			for (Future<T> result : threads.invokeAll(IntStream.range(0, count).mapToObj((thread) -> together).toList(),
					20, TimeUnit.SECONDS)) {
				results.add(result.get());
			}
			return results;
		}
		finally {
			threads.shutdownNow();
		}
	}

	/**
	 * Return virtual threads, which JDK 21 brought.
	 */
	private static ExecutorService manyThreads() throws ReflectiveOperationException {
		try {
			return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		}
		catch (NoSuchMethodException ex) {
			return Executors.newFixedThreadPool(64);
		}
	}

	/**
	 * Rotates without a pause, almost.
	 */
	private static final class Rotator implements AutoCloseable {

		private final SimulatedKubelet kubelet;

		private final Thread thread = new Thread(this::run, "rotator");

		private volatile boolean ending;

		Rotator(SimulatedKubelet kubelet) {
			this.kubelet = kubelet;
			this.thread.start();
		}

		private void run() {
			try {
				while (!this.ending) {
					this.kubelet.rotate();
					TimeUnit.MILLISECONDS.sleep(1);
				}
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void close() throws InterruptedException {
			this.ending = true;
			this.thread.join();
		}

	}

}
