package dev.psat.token;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.psat.support.Matrix;
import dev.psat.support.Torture;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Events come in masses, or without a pause, or are lost.
 */
@Matrix
class StormTortureTests extends SourceTorture {

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	@AutoClose
	SimulatedKubelet kubelet;

	/** Each look takes one of these. */
	private final Semaphore permits = new Semaphore(Integer.MAX_VALUE);

	@BeforeEach
	void setUp() {
		this.kubelet = SimulatedKubelet.builder().directory(this.directory).build();
		this.source = unpolledSource(this.kubelet.tokenPath(), (outcome, sinceCause) -> look());
		startWithEvents(this.source);
	}

	@Test
	void stormOfModesAndTimes() throws Exception {
		Path noise = Files.createFile(this.directory.resolve("noise"));
		long watcher = watcher();
		long start = System.nanoTime();
		long cpuTimeBefore = THREADS.getThreadCpuTime(watcher);
		long looksBefore = this.looks.get();
		try (Storm storm = new Storm(noise)) {
			Duration slowest = Duration.ZERO;
			while (elapsed(start).compareTo(Torture.lasting(Duration.ofSeconds(2), Duration.ofSeconds(10))) < 0) {
				TimeUnit.MILLISECONDS.sleep(200);
				long generation = Snapshot.generation(this.source.status());
				long rotatedAt = System.nanoTime();
				awaitToken(this.kubelet.rotate());
				assertThat(Snapshot.generation(this.source.status())).isEqualTo(generation + 1);
				Duration noticed = elapsed(rotatedAt);
				slowest = (noticed.compareTo(slowest) > 0) ? noticed : slowest;
			}
			Duration cpuTime = Duration.ofNanos(THREADS.getThreadCpuTime(watcher) - cpuTimeBefore);
			Torture.tell("%d changes, %d looks, %s of processor time in %s, slowest rotation noticed in %s"
				.formatted(storm.end(), this.looks.get() - looksBefore, cpuTime, elapsed(start), slowest));
			assertThat(cpuTime).isLessThan(elapsed(start).dividedBy(2));
		}
		assertThat(this.source.status().sourceState()).isEqualTo(SourceState.OK);
		assertThat(this.log.warnings()).isEmpty();
	}

	@Test
	void rotationEveryTenthOfASecond() throws Exception {
		int rotations = Torture.times(20, 600);
		long start = System.nanoTime();
		for (int rotation = 1; rotation <= rotations; rotation++) {
			awaitToken(this.kubelet.rotate());
			assertThat(Shown.watch(this.source.status()).rotations()).isEqualTo(rotation);
			LockSupport.parkNanos(start + TimeUnit.MILLISECONDS.toNanos(100) * rotation - System.nanoTime());
		}
		assertThat(Shown.watch(this.source.status()).missedEvents()).isZero();
		assertThat(this.log.warnings()).isEmpty();
	}

	@Test
	void lostEventsAreAnEvent() throws Exception {
		try (WatchService service = watchService()) {
			WatchKey key = this.directory.register(service, StandardWatchEventKinds.ENTRY_CREATE,
					StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE);
			this.permits.drainPermits();
			// the service may fall behind until many have been taken from it
			soon().untilAsserted(() -> {
				for (int swap = 0; swap < 300; swap++) {
					this.kubelet.rotate();
				}
				assertThat(key.pollEvents()).extracting(WatchEvent::kind)
					.anyMatch(StandardWatchEventKinds.OVERFLOW::equals);
			});
		}
		this.permits.release(Integer.MAX_VALUE);
		awaitToken(this.kubelet.token());
		long generation = Snapshot.generation(this.source.status());
		assertThat(generation).isLessThan(300);
		awaitToken(this.kubelet.rotate());
		assertThat(Snapshot.generation(this.source.status())).isEqualTo(generation + 1);
	}

	private void look() {
		this.looks.incrementAndGet();
		try {
			this.permits.acquire();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static WatchService watchService() {
		try {
			return FileSystems.getDefault().newWatchService();
		}
		catch (IOException ex) {
			return Assumptions.abort("File events are not available on this machine now");
		}
	}

	private static long watcher() {
		return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
			.filter((thread) -> thread != null && thread.getThreadName().equals("psat-token-watch"))
			.mapToLong(ThreadInfo::getThreadId)
			.max()
			.orElseThrow();
	}

	private static Duration elapsed(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

	/**
	 * Changes the mode and the times of a file a thousand times a second.
	 */
	private static final class Storm implements AutoCloseable {

		private final Path file;

		private final Thread thread = new Thread(this::run, "storm");

		private volatile boolean ending;

		private volatile int changes;

		Storm(Path file) {
			this.file = file;
			this.thread.start();
		}

		int end() throws InterruptedException {
			close();
			this.thread.join();
			return this.changes;
		}

		private void run() {
			long start = System.nanoTime();
			try {
				for (int change = 0; !this.ending; change++) {
					if (change % 2 == 0) {
						Files.setPosixFilePermissions(this.file, PosixFilePermissions.fromString("rw-r--r--"));
					}
					else {
						Files.setLastModifiedTime(this.file, FileTime.fromMillis(System.currentTimeMillis()));
					}
					this.changes = change + 1;
					LockSupport.parkNanos(start + TimeUnit.MILLISECONDS.toNanos(1) * change - System.nanoTime());
				}
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void close() {
			this.ending = true;
		}

	}

}
