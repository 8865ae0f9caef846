package dev.psat.token;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.support.Leftovers;
import dev.psat.support.Matrix;
import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Listeners are slow, fail, or call back.
 */
@Matrix
class ListenerTortureTests extends SourceTorture {

	private final Leftovers leftovers = new Leftovers();

	@AutoClose
	SimulatedKubelet kubelet;

	private final List<Long> told = new CopyOnWriteArrayList<>();

	private final CountDownLatch called = new CountDownLatch(1);

	@BeforeEach
	void setUp() {
		this.kubelet = SimulatedKubelet.builder().directory(this.directory).build();
		this.source = countingSource(this.kubelet.tokenPath());
		startWithEvents(this.source);
	}

	@Test
	void slowListenerDelaysNoReaderAndHearsTheLatest() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		this.source.addListener((previous, current) -> {
			this.told.add(Snapshot.generation(current));
			this.called.countDown();
			await(release);
		});
		await(this.called);
		List<Long> heard = new CopyOnWriteArrayList<>();
		this.source.addListener((previous, current) -> heard.add(Snapshot.generation(current)));
		for (int rotation = 0; rotation < 20; rotation++) {
			awaitToken(this.kubelet.rotate());
		}
		// a token is published before it is announced
		soon().until(() -> heard.contains(21L));
		assertThat(this.told).containsExactly(1L);
		release.countDown();
		soon().untilAsserted(() -> assertThat(this.told).containsExactly(1L, 21L));
	}

	@Test
	void listenerThatFailsHarmsNobody() {
		this.source.addListener((previous, current) -> {
			throw new IllegalStateException("on purpose");
		});
		this.source.addListener((previous, current) -> {
			throw new StackOverflowError("on purpose");
		});
		this.source.addListener((previous, current) -> this.told.add(Snapshot.generation(current)));
		awaitToken(this.kubelet.rotate());
		soon().untilAsserted(() -> assertThat(this.told).last().isEqualTo(2L));
		soon().untilAsserted(
				() -> assertThat(this.log.warnings()).hasSizeBetween(2, 4).containsOnly("A token listener failed"));
	}

	@Test
	void listenerCallsTheSource() throws Exception {
		this.source.addListener((previous, current) -> {
			assertThat(this.source.value()).isNotEmpty();
			assertThat(this.source.current().fingerprint()).isEqualTo(Shown.token(this.source.refresh()).fingerprint());
			this.source.stop();
			this.source.start();
			this.told.add(Snapshot.generation(current));
		});
		soon().untilAsserted(() -> assertThat(this.told).containsExactly(1L));
		awaitToken(this.kubelet.rotate());
		soon().untilAsserted(() -> assertThat(this.told).last().isEqualTo(2L));
		assertThat(this.log.warnings()).isEmpty();
	}

	@Test
	void listenerAddsAnother() throws Exception {
		AtomicInteger added = new AtomicInteger();
		this.source.addListener((previous, current) -> {
			if (added.incrementAndGet() == 1) {
				this.source.addListener((before, now) -> this.told.add(Snapshot.generation(now)));
			}
		});
		soon().untilAsserted(() -> assertThat(this.told).containsExactly(1L));
		awaitToken(this.kubelet.rotate());
		soon().untilAsserted(() -> assertThat(this.told).containsExactly(1L, 2L));
	}

	/**
	 * A change that could not be logged is nevertheless announced, once.
	 */
	@Test
	void logFails() throws Exception {
		List<String> states = new CopyOnWriteArrayList<>();
		this.source.addListener((previous, current) -> states.add(String.valueOf(current.sourceState())));
		soon().until(() -> states.contains("OK"));
		try (AutoCloseable failing = SourceLog.failing()) {
			this.kubelet.removeToken();
			soon().until(() -> states.contains("MISSING"));
			this.source.refresh();
			this.source.refresh();
			assertThat(states).containsExactly("OK", "MISSING");
		}
		this.kubelet.rotate();
		soon().untilAsserted(() -> assertThat(states).containsExactly("OK", "MISSING", "OK"));
	}

	@Test
	void listenerClosesTheSource() throws Exception {
		CountDownLatch closed = new CountDownLatch(1);
		this.source.addListener((previous, current) -> this.told.add(-Snapshot.generation(current)));
		this.source.addListener((previous, current) -> {
			this.told.add(Snapshot.generation(current));
			this.source.close();
			closed.countDown();
		});
		await(closed);
		this.leftovers.expectNone();
		assertThatIllegalStateException().isThrownBy(this.source::value);
		this.kubelet.rotate();
		assertThat(this.told).contains(1L).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(2);
	}

	@Test
	void listenerClosesTheSourceWhileAnotherThreadDoes() throws Exception {
		this.source.addListener((previous, current) -> {
			this.called.countDown();
			this.source.close();
		});
		await(this.called);
		long start = System.nanoTime();
		this.source.close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Patience.LIMIT);
		this.leftovers.expectNone();
	}

	@Test
	void listenerThatHangsIsInterruptedByClose() throws Exception {
		CountDownLatch interrupted = new CountDownLatch(1);
		this.source.addListener((previous, current) -> {
			this.called.countDown();
			try {
				TimeUnit.MINUTES.sleep(1);
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
		});
		await(this.called);
		this.source.close();
		await(interrupted);
		this.leftovers.expectNone();
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
