package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import dev.psat.support.Latches;
import dev.psat.support.RunningThreads;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TokenListener}.
 */
class TokenListenerTests {

	@AutoClose
	SimulatedKubelet kubelet;

	@AutoClose
	TokenSource source;

	private final List<String> told = new CopyOnWriteArrayList<>();

	@BeforeEach
	void setUp(@TempDir Path directory) {
		this.kubelet = SimulatedKubelet.builder().directory(directory).build();
		this.source = TokenSource.builder(this.kubelet.tokenPath())
			.audience("spire-server")
			.pollInterval(Duration.ofMillis(100))
			.build();
		this.source.start();
	}

	@Test
	void tellsTheFirstTokenAndEachRotation() {
		this.source.addListener(this::record);
		awaitTold("NONE 0 -> VALID 1");
		this.kubelet.rotate();
		awaitTold("NONE 0 -> VALID 1", "VALID 1 -> VALID 2");
	}

	@Test
	void listenerThatComesLateHearsTheLatestAlone() {
		List<Long> earlier = new CopyOnWriteArrayList<>();
		this.source.addListener((previous, current) -> earlier.add(Snapshot.generation(current)));
		this.kubelet.rotate();
		// a status is published before it is announced
		await().until(() -> earlier.contains(2L));
		this.source.addListener(this::record);
		awaitTold("NONE 0 -> VALID 2");
	}

	@Test
	void listenerMayAskAndAddAndClose() {
		this.source.addListener((previous, current) -> {
			this.source.current();
			this.source.addListener(this::record);
			this.source.refresh();
		});
		awaitTold("NONE 0 -> VALID 1");
		this.source.addListener((previous, current) -> this.source.close());
		await().until(() -> Shown.watch(this.source.status()).mode() == WatchMode.STOPPED);
	}

	@Test
	void nobodyIsNotifiedAfterClose() {
		CountDownLatch never = new CountDownLatch(1);
		this.source.addListener((previous, current) -> {
			record(previous, current);
			Latches.await(never);
		});
		awaitTold("NONE 0 -> VALID 1");
		this.kubelet.rotate();
		await().until(() -> Snapshot.generation(this.source.status()) == 2);
		this.source.close();
		await().until(() -> eventThreads().isEmpty());
		assertThat(this.told).containsExactly("NONE 0 -> VALID 1");
	}

	@Test
	void listenerThatWasRemovedIsNoLongerNotified() {
		TokenListener listener = this::record;
		this.source.addListener(listener);
		awaitTold("NONE 0 -> VALID 1");
		this.source.removeListener(listener);
		List<Long> other = new CopyOnWriteArrayList<>();
		this.source.addListener((previous, current) -> other.add(Snapshot.generation(current)));
		this.kubelet.rotate();
		await().until(() -> other.contains(2L));
		assertThat(this.told).containsExactly("NONE 0 -> VALID 1");
	}

	private static List<Thread> eventThreads() {
		return RunningThreads.beginningWith("psat-token-events");
	}

	private void record(TokenStatus previous, TokenStatus current) {
		this.told.add("%s %d -> %s %d".formatted(previous.tokenState(), Snapshot.generation(previous),
				current.tokenState(), Snapshot.generation(current)));
	}

	private void awaitTold(String... changes) {
		await().untilAsserted(() -> assertThat(this.told).containsExactly(changes));
	}

}
