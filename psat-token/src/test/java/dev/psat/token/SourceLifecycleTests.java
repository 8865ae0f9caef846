package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Threads;
import dev.psat.file.internal.DirectoryWatch;
import dev.psat.support.Patience;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SourceLifecycle}.
 */
class SourceLifecycleTests {

	@AutoClose
	final SourceLog log = new SourceLog();

	@AutoClose
	SimulatedKubelet kubelet;

	private final List<Desk> desks = new ArrayList<>();

	@BeforeEach
	void setUp(@TempDir Path directory) {
		this.kubelet = SimulatedKubelet.builder().directory(directory).build();
	}

	@AfterEach
	void tearDown() {
		this.desks.forEach(Desk::close);
	}

	@Test
	void startThatGetsNoThreadStartsNothing() throws Exception {
		boolean[] exhausted = { true };
		SourceLifecycle lifecycle = lifecycle((task) -> {
			if (exhausted[0]) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			return Threads.create("psat-token-watch", task);
		});
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(lifecycle::start);
		assertThat(lifecycle.isInCharge()).isFalse();
		assertThat(lifecycle.watchMode()).isEqualTo(WatchMode.STOPPED);
		exhausted[0] = false;
		assertWatchesAndStops(lifecycle);
	}

	@Test
	void loopWhoseThreadDiedIsReplaced() throws Exception {
		List<Thread> threads = new CopyOnWriteArrayList<>();
		SourceLifecycle lifecycle = lifecycle((task) -> {
			// the first two end without having done anything
			Thread thread = Threads.create("psat-token-watch", (threads.size() < 2) ? () -> {
			} : task);
			threads.add(thread);
			return thread;
		});
		lifecycle.start();
		threads.get(0).join();
		assertThat(lifecycle.watchMode()).isEqualTo(WatchMode.STOPPED);
		lifecycle.revive();
		threads.get(1).join();
		assertThat(lifecycle.watchMode()).isEqualTo(WatchMode.STOPPED);
		assertWatchesAndStops(lifecycle);
		assertThat(threads).hasSize(3);
	}

	@Test
	void loopThatWasStoppedIsNotRevived() throws Exception {
		List<Thread> threads = new CopyOnWriteArrayList<>();
		SourceLifecycle lifecycle = lifecycle((task) -> {
			threads.add(Threads.create("psat-token-watch", task));
			return threads.get(threads.size() - 1);
		});
		assertWatchesAndStops(lifecycle);
		lifecycle.revive();
		assertThat(threads).hasSize(1);
		assertThat(lifecycle.watchMode()).isEqualTo(WatchMode.STOPPED);
	}

	private static void assertWatchesAndStops(SourceLifecycle lifecycle) throws Exception {
		lifecycle.start().get(Patience.SECONDS, TimeUnit.SECONDS);
		assertThat(lifecycle.isInCharge()).isTrue();
		assertThat(lifecycle.watchMode()).isEqualTo(WatchMode.POLLING);
		lifecycle.close();
		assertThat(lifecycle.isInCharge()).isFalse();
	}

	private SourceLifecycle lifecycle(ThreadFactory threads) {
		Intervals intervals = Intervals.withPoll(Duration.ofSeconds(5));
		Desk desk = new Desk(this.kubelet.tokenPath(), intervals);
		this.desks.add(desk);
		return new SourceLifecycle(() -> new LookLoop(desk.looker,
				new DirectoryWatch(null, SourceTorture.NEVER, SourceTorture.NEVER, Runnable::run), intervals,
				new RepeatedError(TokenSource.class, "on purpose"), threads));
	}

}
