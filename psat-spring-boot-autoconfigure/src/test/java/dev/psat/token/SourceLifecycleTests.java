package dev.psat.token;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.psat.test.SimulatedKubelet;

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

	@BeforeEach
	void setUp(@TempDir Path directory) {
		this.kubelet = SimulatedKubelet.builder().directory(directory).build();
	}

	@Test
	void startThatGetsNoThreadStartsNothing() throws Exception {
		boolean[] exhausted = { true };
		Intervals intervals = Intervals.withPoll(Duration.ofSeconds(5));
		Desk desk = new Desk(this.kubelet.tokenPath(), intervals);
		SourceLifecycle lifecycle = new SourceLifecycle(() -> {
			if (exhausted[0]) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			return new LookLoop(desk.looker, new DirectoryWatch(null, Torture.NEVER, Torture.NEVER), intervals,
					new Mishap("on purpose"));
		});
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(lifecycle::start);
		assertThat(lifecycle.isInCharge()).isFalse();
		assertThat(lifecycle.watchMode()).isEqualTo(WatchMode.STOPPED);
		exhausted[0] = false;
		lifecycle.start().get();
		assertThat(lifecycle.isInCharge()).isTrue();
		assertThat(lifecycle.watchMode()).isEqualTo(WatchMode.POLLING);
		lifecycle.close();
		assertThat(lifecycle.isInCharge()).isFalse();
	}

	@Test
	void loopThatDiedIsReplacedByWhoeverAsks() throws Exception {
		try (FileTokenSource source = Torture.unpolledSource(this.kubelet.tokenPath(), (outcome, sinceCause) -> {
		})) {
			for (Runnable question : new Runnable[] { source::refresh, source::value, source::start,
					() -> source.addListener((previous, current) -> {
					}) }) {
				Torture.startWithEvents(source);
				killWatcher();
				assertThat(source.status().watch()).isEqualTo(WatchMode.STOPPED);
				question.run();
				assertThat(source.status().watch()).isNotEqualTo(WatchMode.STOPPED);
				Torture.soon().until(() -> source.status().watch() == WatchMode.EVENTS);
				String next = this.kubelet.rotate();
				Torture.soon().until(() -> source.value().equals(next));
			}
		}
	}

	/**
	 * JDKs up to 19 can, if one insists: what the thread catches does not count.
	 */
	private static void killWatcher() throws ReflectiveOperationException {
		Thread watcher = Leftovers.threads("psat-token-watch").get(0);
		long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
		while (watcher.isAlive() && System.nanoTime() < deadline) {
			try {
				Thread.class.getMethod("stop").invoke(watcher);
			}
			catch (InvocationTargetException | NoSuchMethodException ex) {
				Assumptions.abort("This JDK cannot kill a thread");
			}
		}
		assertThat(watcher.isAlive()).isFalse();
	}

}
