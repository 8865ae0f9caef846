package dev.psat.benchmarks.spire.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import dev.psat.spire.SpireStatus;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerBuilder;
import dev.psat.test.SimulatedKubelet;

/**
 * A server and its clients, all of one address.
 */
final class Site implements AutoCloseable {

	private static final Duration POLL = Duration.ofMillis(10);

	private final SimulatedSpireServer server;

	private final Path trustBundle;

	private final List<Pod> pods;

	Site(int clients) throws IOException {
		List<SimulatedKubelet> kubelets = IntStream.range(0, clients)
			.mapToObj((number) -> Pod.kubelet("orders-" + number))
			.toList();
		SimulatedSpireServerBuilder builder = SimulatedSpireServer.builder();
		kubelets.forEach(builder::workload);
		this.server = builder.build();
		this.trustBundle = Files.createTempFile("trust-bundle", ".pem");
		this.server.trustBundle().writeTo(this.trustBundle);
		this.pods = kubelets.stream().map((kubelet) -> Pod.of(kubelet, this.server, this.trustBundle)).toList();
	}

	SimulatedSpireServer server() {
		return this.server;
	}

	int clients() {
		return this.pods.size();
	}

	Recorder record() {
		return Recorder.start(this.server.journal());
	}

	/**
	 * Start all clients at once.
	 */
	void start() {
		this.pods.forEach(Pod::startSource);
		this.pods.forEach(Pod::startIdentity);
	}

	/**
	 * Return how many clients there are of whom something is true.
	 * @param test what may be true
	 * @return the number of clients
	 */
	long count(Predicate<SpireStatus> test) {
		return this.pods.stream().filter((pod) -> test.test(pod.identity().status())).count();
	}

	/**
	 * Wait for clients.
	 * @param test what has to become true of each
	 * @param longest how long to wait
	 * @return how long it has taken, of each of whom it has become true
	 * @throws InterruptedException if the waiting ends
	 */
	List<Duration> await(Predicate<SpireStatus> test, Duration longest) throws InterruptedException {
		long began = System.nanoTime();
		List<Pod> waiting = new ArrayList<>(this.pods);
		List<Duration> times = new ArrayList<>();
		while (!waiting.isEmpty() && System.nanoTime() - began < longest.toNanos()) {
			Thread.sleep(POLL.toMillis());
			waiting.removeIf((pod) -> {
				boolean there = test.test(pod.identity().status());
				if (there) {
					times.add(Duration.ofNanos(System.nanoTime() - began));
				}
				return there;
			});
		}
		return times;
	}

	@Override
	public void close() throws IOException {
		this.pods.forEach(Pod::close);
		this.server.close();
		Files.delete(this.trustBundle);
	}

}
