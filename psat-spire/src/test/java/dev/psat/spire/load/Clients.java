package dev.psat.spire.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import dev.psat.PsatAttestor;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.server.SpireServerIdentity;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerBuilder;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.ProjectedToken;
import org.awaitility.Awaitility;

/**
 * A server and its clients, all of one address.
 */
final class Clients implements AutoCloseable {

	private static final Duration POLL = Duration.ofMillis(5);

	private final List<SimulatedKubelet> kubelets;

	private final SimulatedSpireServer server;

	private final List<SpireIdentity> identities;

	/**
	 * Create a server and its clients.
	 * @param directory for the trust bundle
	 * @param count how many clients there are
	 * @param interval how often they visit the server
	 * @param reload how often the server reloads its entries
	 * @param limited whether the server attests one agent a second
	 */
	Clients(Path directory, int count, Duration interval, Duration reload, boolean limited) throws IOException {
		this.kubelets = IntStream.range(0, count)
			.mapToObj((pod) -> SimulatedKubelet.builder()
				.serviceAccount("shop", "orders")
				.pod("orders-" + pod, UUID.randomUUID().toString())
				.lifetime(Duration.ofHours(2))
				.build())
			.toList();
		SimulatedSpireServerBuilder builder = SimulatedSpireServer.builder()
			.limitAttestations(limited)
			.entryCacheReload(reload);
		this.kubelets.forEach((kubelet) -> builder.workload(kubelet, "demo"));
		this.server = builder.build();
		Path bundle = directory.resolve(UUID.randomUUID() + ".pem");
		this.server.trustBundle().writeTo(bundle);
		// one source each that watches would be more than a user may have
		this.identities = this.kubelets.stream()
			.map((kubelet) -> SpireServerIdentity
				.builder(PsatAttestor.of("demo", () -> ProjectedToken.parse(kubelet.token()), List.of("spire-server")))
				.server(ServerAddress.parse(this.server.address()))
				.trustDomain(TrustDomain.of(this.server.trustDomain()))
				.trustBundle(bundle)
				.refreshInterval(interval)
				.build())
			.toList();
	}

	static boolean isReady(SpireStatus status) {
		return status.state() == SpireState.READY;
	}

	SimulatedSpireServer server() {
		return this.server;
	}

	void start() {
		this.identities.forEach(SpireIdentity::start);
	}

	void startOneAfterTheOther(Duration longest) {
		for (SpireIdentity identity : this.identities) {
			identity.start();
			Awaitility.await().atMost(longest).pollInterval(POLL).until(() -> isReady(identity.status()));
		}
	}

	/**
	 * Return how many clients there are of whom something is true.
	 */
	long count(Predicate<SpireStatus> test) {
		return this.identities.stream().filter((identity) -> test.test(identity.status())).count();
	}

	/**
	 * Let something happen, and read the journal of the server all the time until all
	 * clients are served.
	 * @param name what the episode is called in a table
	 * @param beginning what happens
	 * @param served what has to become true of each client
	 * @param shortest how long to read at least
	 * @param longest how long to wait for clients
	 * @return what has happened
	 */
	Episode record(String name, Runnable beginning, Predicate<SpireStatus> served, Duration shortest,
			Duration longest) {
		List<Reading> readings = new CopyOnWriteArrayList<>(List.of(Reading.of(this.server.journal())));
		List<Duration> times = new CopyOnWriteArrayList<>();
		List<SpireIdentity> waiting = new CopyOnWriteArrayList<>(this.identities);
		long began = System.nanoTime();
		beginning.run();
		// ends by itself, since clients that are not served are reported, too
		Awaitility.await().forever().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(POLL).until(() -> {
			readings.add(Reading.of(this.server.journal()));
			Duration time = Duration.ofNanos(System.nanoTime() - began);
			if (waiting.removeIf((identity) -> served.test(identity.status()))) {
				IntStream.range(times.size(), this.identities.size() - waiting.size()).forEach((i) -> times.add(time));
			}
			return time.compareTo(shortest) >= 0 && (waiting.isEmpty() || time.compareTo(longest) >= 0);
		});
		return new Episode(name, this.identities.size(), new Traffic(readings), times);
	}

	@Override
	public void close() {
		this.identities.forEach(SpireIdentity::close);
		this.server.close();
		this.kubelets.forEach(SimulatedKubelet::close);
	}

}
