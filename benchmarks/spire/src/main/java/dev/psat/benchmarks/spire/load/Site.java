package dev.psat.benchmarks.spire.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import dev.psat.spire.SpireState;
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

	private Site(Path directory, int clients, UnaryOperator<SimulatedSpireServerBuilder> rules) throws IOException {
		List<SimulatedKubelet> kubelets = IntStream.range(0, clients)
			.mapToObj((number) -> Pod.kubelet(directory, "orders-" + number))
			.toList();
		SimulatedSpireServerBuilder builder = rules.apply(SimulatedSpireServer.builder());
		kubelets.forEach(builder::workload);
		this.server = builder.build();
		this.trustBundle = directory.resolve("trust-bundle.pem");
		this.server.trustBundle().writeTo(this.trustBundle);
		this.pods = kubelets.stream().map((kubelet) -> Pod.of(kubelet, this.server, this.trustBundle)).toList();
	}

	/**
	 * Return a site with the rules of a real server.
	 * @param directory for its files
	 * @param clients how many clients it has
	 * @return the site
	 * @throws IOException if the trust bundle cannot be written
	 */
	static Site of(Path directory, int clients) throws IOException {
		return new Site(directory, clients, (builder) -> builder);
	}

	/**
	 * Let clients obtain SVIDs one after the other, from a server that lets none wait.
	 * @param directory for their files
	 * @param clients how many clients
	 * @param longest how long to wait for one
	 * @throws Exception if the waiting ends
	 */
	static void warmUp(Path directory, int clients, Duration longest) throws Exception {
		try (Site site = new Site(directory, clients,
				(builder) -> builder.limitAttestations(false).entryCacheReload(Duration.ZERO))) {
			for (Pod pod : site.pods) {
				pod.startSource();
				pod.startIdentity();
				await(List.of(pod), (status) -> status.state() == SpireState.READY, System.nanoTime(), longest);
			}
		}
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
	 * @param began when the time begins, by {@link System#nanoTime()}
	 * @param longest how long to wait
	 * @return how long it has taken, of each of whom it has become true
	 * @throws InterruptedException if the waiting ends
	 */
	List<Duration> await(Predicate<SpireStatus> test, long began, Duration longest) throws InterruptedException {
		return await(this.pods, test, began, longest);
	}

	private static List<Duration> await(List<Pod> pods, Predicate<SpireStatus> test, long began, Duration longest)
			throws InterruptedException {
		List<Pod> waiting = new ArrayList<>(pods);
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
	public void close() {
		this.pods.forEach(Pod::close);
		this.server.close();
	}

}
