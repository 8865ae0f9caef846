package dev.psat.token;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.psat.concurrent.internal.Time;
import dev.psat.support.Matrix;
import dev.psat.support.RunningThreads;
import dev.psat.support.Torture;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * File events are not available, get lost, or end.
 */
@Matrix
class WatchTortureTests extends SourceTorture {

	private static final Duration OFTEN = Duration.ofMillis(20);

	@AutoClose
	SimulatedKubelet kubelet;

	@BeforeEach
	void setUp() {
		this.kubelet = SimulatedKubelet.builder().directory(this.directory).build();
		this.source = countingSource(this.kubelet.tokenPath());
	}

	@Test
	void notWanted() {
		this.source = new FileTokenSource(this.kubelet.tokenPath(), judge(), false, Time.ofSystem(),
				Intervals.withPoll(OFTEN));
		this.source.addObserver((outcome, sinceCause) -> this.looks.incrementAndGet());
		assertFollowsByPolling();
		assertThat(this.log.infos()).isEmpty();
	}

	@Test
	void noneInThisFileSystem() throws IOException {
		Path archive = this.directory.resolve("volume.zip");
		try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
			Path token = zip.getPath("/token");
			Files.writeString(token, this.kubelet.token());
			this.source = countingSource(token, Intervals.withPoll(OFTEN));
			this.source.start();
			awaitToken(this.kubelet.token());
			Files.writeString(token, this.kubelet.rotate());
			awaitToken(this.kubelet.token());
			assertThat(Shown.watch(this.source.status()).mode()).isEqualTo(WatchMode.POLLING);
			assertThat(Shown.watch(this.source.status()).missedEvents()).isZero();
			this.source.close();
		}
		assertThat(this.log.infos()).singleElement().asString().contains("polling alone");
	}

	@Test
	void threadIsInterruptedBySomebody() throws Exception {
		startWithEvents(this.source);
		Thread watcher = threads("psat-token-watch").get(0);
		long before = this.looks.get();
		for (int interrupt = 1; interrupt <= 500; interrupt++) {
			watcher.interrupt();
			if (interrupt % 50 == 0) {
				awaitToken(this.kubelet.rotate());
			}
			TimeUnit.MILLISECONDS.sleep(1);
		}
		awaitQuiet();
		assertThat(this.looks.get() - before).isLessThan(2 * 500 + 10 * 50);
		assertThat(threads("psat-token-watch")).containsExactly(watcher);
		awaitToken(this.kubelet.rotate());
		assertThat(Shown.watch(this.source.status()).missedEvents()).isZero();
		assertThat(Shown.watch(this.source.status()).mode()).isEqualTo(WatchMode.EVENTS);
		assertThat(this.log.warnings()).isEmpty();
	}

	@Test
	void serviceIsClosedBySomebodyWhileNothingHappens() throws Exception {
		List<WatchService> services = new CopyOnWriteArrayList<>();
		this.source = new FileTokenSource(this.kubelet.tokenPath(), judge(), () -> {
			services.add(FileSystems.getDefault().newWatchService());
			return services.get(services.size() - 1);
		}, Time.ofSystem(), wakefulIntervals(NEVER));
		this.source.addObserver((outcome, sinceCause) -> this.looks.incrementAndGet());
		startWithEvents(this.source);
		awaitQuiet();
		services.get(0).close();
		soon().until(() -> services.size() == 2);
		awaitToken(this.kubelet.rotate());
	}

	@Test
	void serviceIsClosedBySomebody() throws Exception {
		List<WatchService> services = new CopyOnWriteArrayList<>();
		Intervals intervals = wakefulIntervals(Duration.ofMillis(200));
		this.source = new FileTokenSource(this.kubelet.tokenPath(), judge(), () -> {
			services.add(FileSystems.getDefault().newWatchService());
			return services.get(services.size() - 1);
		}, Time.ofSystem(),
				new Intervals(intervals.poll(), intervals.clockCheck(), intervals.problemPoll(), intervals.settling(),
						intervals.unrest(), intervals.confirmation(), intervals.eventGrace(), Duration.ofMillis(1),
						intervals.watchPatience(), intervals.lookPatience(), intervals.patience()));
		this.source.start();
		for (int turn = 1; turn <= 20; turn++) {
			int opened = turn;
			soon()
				.until(() -> services.size() == opened && Shown.watch(this.source.status()).mode() == WatchMode.EVENTS);
			awaitToken(this.kubelet.rotate());
			services.get(turn - 1).close();
		}
		this.source.close();
		assertThat(Shown.watch(this.source.status()).missedEvents()).isZero();
		assertThat(services).allSatisfy((service) -> assertThat(isClosed(service)).isTrue());
		assertThat(this.log.warnings()).isEmpty();
	}

	/**
	 * A change through a memory map causes no event, as no change does on some network
	 * and sandbox file systems.
	 */
	@Test
	void changesThatCauseNoEvents() throws Exception {
		Path file = Files.writeString(this.directory.resolve("mapped"), this.kubelet.token());
		this.source = countingSource(file, Intervals.withPoll(Duration.ofMillis(200)));
		startWithEvents(this.source);
		awaitToken(this.kubelet.token());
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
			for (int change = 1; change <= 3; change++) {
				String token = this.kubelet.issueToken();
				map.put(0, token.getBytes(StandardCharsets.US_ASCII));
				awaitToken(token);
				long least = change;
				soon().untilAsserted(
						() -> assertThat(Shown.watch(this.source.status()).missedEvents()).isBetween(least, 2 * least));
				awaitLooks(3);
			}
		}
		assertThat(Shown.watch(this.source.status()).mode()).isEqualTo(WatchMode.EVENTS);
		Files.delete(file);
		awaitState(SourceState.MISSING);
	}

	@Test
	void noHealthyRotationCountsAsMissed() {
		this.source = countingSource(this.kubelet.tokenPath(), wakefulIntervals(Duration.ofMillis(2)));
		startWithEvents(this.source);
		for (int rotation = 1; rotation <= Torture.times(500, 5000); rotation++) {
			awaitToken(this.kubelet.rotate());
		}
		assertThat(Shown.watch(this.source.status()).missedEvents()).isZero();
	}

	/**
	 * Wait until the watch has begun anew and looked: no event is owed for what that look
	 * finds.
	 */
	private void awaitLooks(int number) {
		long looks = this.looks.get() + number;
		soon().until(() -> this.looks.get() >= looks);
	}

	private void assertFollowsByPolling() {
		this.source.start();
		for (int rotation = 1; rotation <= 3; rotation++) {
			awaitToken(this.kubelet.rotate());
		}
		assertThat(Shown.watch(this.source.status()).mode()).isEqualTo(WatchMode.POLLING);
		assertThat(Shown.watch(this.source.status()).missedEvents()).isZero();
	}

	private static Intervals wakefulIntervals(Duration poll) {
		Intervals intervals = patientIntervals(poll);
		return new Intervals(intervals.poll(), Duration.ofMillis(200), intervals.problemPoll(), intervals.settling(),
				intervals.unrest(), intervals.confirmation(), intervals.eventGrace(), intervals.watchRetry(),
				intervals.watchPatience(), intervals.lookPatience(), intervals.patience());
	}

	private static List<Thread> threads(String name) {
		return RunningThreads.named(name);
	}

	private static boolean isClosed(WatchService service) {
		try {
			service.poll();
			return false;
		}
		catch (ClosedWatchServiceException ex) {
			return true;
		}
	}

}
