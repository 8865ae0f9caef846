package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.psat.support.RunningThreads;
import dev.psat.test.SimulatedKubelet;

/**
 * What a process of its own runs for {@link IsolatedTortureTests}: a source whose file is
 * rotated after the heap was full for a while.
 */
final class FullHeap {

	private static final Duration SOON = Duration.ofSeconds(10);

	private FullHeap() {
	}

	/**
	 * Fill the heap and see what is left of a source.
	 * @param args the directory of a volume
	 * @throws Exception if anything goes wrong
	 */
	public static void main(String[] args) throws Exception {
		AtomicLong told = new AtomicLong();
		Path directory = Path.of(args[0]);
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().directory(directory).build();
				TokenSource source = TokenSource.builder(kubelet.tokenPath())
					.audience("spire-server")
					.pollInterval(Duration.ofMillis(100))
					.build()) {
			source.addListener((previous, current) -> told.set(current.generation()));
			source.start();
			until("events", () -> Shown.watch(source.status()).mode() == WatchMode.EVENTS);
			System.out.println("ready");
			for (int turn = 0; turn < 2; turn++) {
				fillFor(Duration.ofSeconds(2));
				System.out.println("pollers " + RunningThreads.beginningWith("FileSystemWatch").size());
				for (int rotation = 0; rotation < 3; rotation++) {
					String token = kubelet.rotate();
					until("rotation", () -> source.value().equals(token));
					until("listener", () -> told.get() == source.status().generation());
				}
				System.out.println("watch " + Shown.watch(source.status()).mode());
			}
			source.refresh();
			source.stop();
			source.start();
			String token = kubelet.rotate();
			until("rotation after start", () -> source.value().equals(token));
		}
		System.out.println("survived");
		System.exit(0);
	}

	private static void fillFor(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		List<byte[]> ballast = new ArrayList<>(100_000);
		int size = 1 << 20;
		while (System.nanoTime() < end) {
			try {
				ballast.add(new byte[size]);
			}
			catch (OutOfMemoryError ex) {
				size = Math.max(16, size / 2);
			}
		}
	}

	private static void until(String what, Condition condition) throws InterruptedException {
		long deadline = System.nanoTime() + SOON.toNanos();
		while (!condition.isMet()) {
			if (System.nanoTime() > deadline) {
				System.out.println("missing: " + what);
				System.exit(1);
			}
			Thread.sleep(5);
		}
	}

	private interface Condition {

		boolean isMet();

	}

}
