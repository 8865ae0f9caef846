package dev.psat.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

import dev.psat.support.Matrix;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The directory of the token comes, goes and is replaced.
 */
@Matrix
class DirectoryTortureTests extends SourceTorture {

	private Path mount;

	@BeforeEach
	void setUp() {
		this.mount = this.directory.resolve("mount");
		this.source = source(this.mount.resolve("spire-agent"), NEVER);
	}

	@Test
	void appearsAfterTheStart() {
		startWithEvents(this.source);
		assertThat(this.source.status().sourceState()).isEqualTo(SourceState.MISSING);
		try (SimulatedKubelet kubelet = kubelet()) {
			awaitToken(kubelet.token());
			awaitToken(kubelet.rotate());
		}
		assertThat(this.log.warnings()).hasSize(1);
	}

	@Test
	void appearsPartByPart() throws IOException {
		this.mount = this.directory.resolve("a/b/c/mount");
		this.source = source(this.mount.resolve("spire-agent"), NEVER);
		startWithEvents(this.source);
		Files.createDirectories(this.mount);
		try (SimulatedKubelet kubelet = kubelet()) {
			awaitToken(kubelet.token());
			awaitToken(kubelet.rotate());
		}
	}

	@Test
	void takesThePlaceOfAFile() throws IOException {
		Files.createFile(this.mount);
		startWithEvents(this.source);
		assertThat(this.source.status().sourceState()).isEqualTo(SourceState.UNREADABLE);
		Files.delete(this.mount);
		try (SimulatedKubelet kubelet = kubelet()) {
			awaitToken(kubelet.token());
			awaitToken(kubelet.rotate());
		}
	}

	@Test
	void isRemovedAndCreatedAgain() {
		String token = "";
		for (int turn = 0; turn < 3; turn++) {
			try (SimulatedKubelet kubelet = kubelet()) {
				if (turn == 0) {
					startWithEvents(this.source);
				}
				awaitToken(kubelet.token());
				token = kubelet.rotate();
				awaitToken(token);
				awaitState(SourceState.OK);
			}
			awaitState(SourceState.MISSING);
			assertThat(this.source.value()).isEqualTo(token);
		}
		assertThat(Snapshot.generation(this.source.status())).isEqualTo(6);
		soon().untilAsserted(() -> assertThat(this.log.warnings()).hasSize(3));
	}

	@Test
	void isReplacedBehindOurBack() throws IOException {
		this.source = source(this.mount.resolve("spire-agent"), Duration.ofMillis(200));
		try (SimulatedKubelet kubelet = kubelet()) {
			startWithEvents(this.source);
			awaitToken(kubelet.token());
			Files.move(this.mount, this.directory.resolve("gone"), StandardCopyOption.ATOMIC_MOVE);
			try (SimulatedKubelet next = kubelet()) {
				awaitToken(next.token());
				awaitToken(next.rotate());
				awaitState(SourceState.OK);
			}
		}
		assertThat(Shown.watch(this.source.status()).missedEvents()).isZero();
		assertThat(Shown.watch(this.source.status()).mode()).isEqualTo(WatchMode.EVENTS);
	}

	@Test
	void isReplacedByAnotherAtOnce() throws Exception {
		this.source = source(this.mount.resolve("spire-agent"), Duration.ofMillis(200));
		Path prepared = this.directory.resolve("prepared");
		try (SimulatedKubelet kubelet = kubelet();
				SimulatedKubelet next = SimulatedKubelet.builder().directory(prepared).build()) {
			startWithEvents(this.source);
			awaitToken(kubelet.token());
			Files.move(this.mount, this.directory.resolve("gone"), StandardCopyOption.ATOMIC_MOVE);
			Files.move(prepared, this.mount, StandardCopyOption.ATOMIC_MOVE);
			awaitToken(next.token());
			Files.move(this.mount, prepared, StandardCopyOption.ATOMIC_MOVE);
		}
		assertThat(Shown.watch(this.source.status()).missedEvents()).isZero();
	}

	private SimulatedKubelet kubelet() {
		return SimulatedKubelet.builder().directory(this.mount).build();
	}

	/**
	 * Only events and the poll interval cause looks, a problem does not.
	 */
	private static FileTokenSource source(Path path, Duration poll) {
		Intervals intervals = patientIntervals(poll);
		return source(path,
				new Intervals(poll, intervals.clockCheck(), poll, intervals.settling(), intervals.unrest(),
						intervals.confirmation(), intervals.eventGrace(), intervals.watchRetry(),
						intervals.watchPatience(), intervals.lookPatience(), intervals.patience()),
				(outcome, sinceCause) -> {
				});
	}

}
