package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import dev.psat.support.FullHeap;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import dev.psat.test.SimulatedKubelet;

/**
 * What a process of its own runs for {@link FullHeapTests}: a source whose file is
 * rotated after the heap was full for a while.
 */
final class FullHeapSource {

	private static final Duration SOON = Patience.LIMIT;

	private FullHeapSource() {
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
			source.addListener((previous, current) -> told.set(Snapshot.generation(current)));
			source.start();
			FullHeap.until("events", SOON, () -> Shown.watch(source.status()).mode() == WatchMode.EVENTS);
			System.out.println("ready");
			for (int turn = 0; turn < 2; turn++) {
				FullHeap.fillFor(Duration.ofSeconds(2));
				System.out.println("pollers " + RunningThreads.beginningWith("FileSystemWatch").size());
				for (int rotation = 0; rotation < 3; rotation++) {
					String token = kubelet.rotate();
					FullHeap.until("rotation", SOON, () -> source.value().equals(token));
					FullHeap.until("listener", SOON, () -> told.get() == Snapshot.generation(source.status()));
				}
				System.out.println("watch " + Shown.watch(source.status()).mode());
			}
			source.refresh();
			source.stop();
			source.start();
			String token = kubelet.rotate();
			FullHeap.until("rotation after start", SOON, () -> source.value().equals(token));
		}
		System.out.println("survived");
		System.exit(0);
	}

}
