package dev.psat.benchmarks.spire.tls;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.psat.benchmarks.spire.World;
import dev.psat.benchmarks.tlsserver.QuickIdentity;

/**
 * A server whose certificate is replaced again and again, as that of its client is, while
 * clients call it over connections that they keep and over new ones, and a prober looks
 * what it shows.
 */
final class RotationRun {

	private static final Duration AFTERMATH = Duration.ofSeconds(1);

	private static final String QUICK = QuickIdentity.PROPERTY + "=true";

	private final List<Publication> caused = new ArrayList<>();

	private final World world;

	private final WebServer webServer;

	private final ClientApplication client;

	private final ServerProcess server;

	private RotationRun(World world, WebServer webServer, ClientApplication client, ServerProcess server) {
		this.world = world;
		this.webServer = webServer;
		this.client = client;
		this.server = server;
	}

	/**
	 * Replace certificates, each as soon as the one before it is told to be in use, the
	 * prober has looked and each caller has an answer.
	 * @param world where
	 * @param webServer what the server is made of
	 * @param rotations how often
	 * @return what came of it
	 * @throws Exception if it cannot be told
	 */
	static RotationResult of(World world, WebServer webServer, int rotations) throws Exception {
		try (ClientApplication client = new ClientApplication(world, QUICK);
				ServerProcess server = ServerProcess.start(webServer,
						Stream.concat(webServer.properties(world).stream(), Stream.of(QUICK)).toList())) {
			return new RotationRun(world, webServer, client, server).run(rotations);
		}
	}

	private RotationResult run(int rotations) throws Exception {
		// the event of the first X.509-SVID may come after the start
		Wait.until(() -> !this.client.shown().isEmpty(), () -> "The client is not told of its certificate");
		awaitShown(1);
		Publication beginning = new Publication(this.server.shown().get(0).serialNumber(), System.nanoTime());
		this.caused.add(beginning);
		List<Caller> callers = Stream.of(Caller.KEPT, Caller.ONCE)
			.flatMap((path) -> Stream.of(HttpLibrary.values())
				.map((library) -> this.client.caller(library, Bundle.SVID, this.server.uri(path))))
			.toList();
		try (Load load = new Load(callers);
				Repetition prober = Repetition.start("tls-prober", new Prober(this.server.uri("/").getPort(),
						this.client.pemBundle().getManagers().getKeyManagers()))) {
			long begin = System.nanoTime();
			for (int i = 0; i < rotations; i++) {
				rotate();
				awaitLook(prober, load);
			}
			Duration time = Duration.ofNanos(System.nanoTime() - begin);
			List<Long> answered = load.answered();
			Thread.sleep(AFTERMATH.toMillis());
			List<Publication> told = new ArrayList<>(List.of(beginning));
			told.addAll(this.server.shown().subList(1, this.server.shown().size()));
			List<Throwable> failures = new ArrayList<>(load.failures());
			failures.addAll(prober.failures());
			return new RotationResult(this.webServer, rotations, time, answered, failures, prober.failures().size(),
					prober.probes().size(), new Succession(told).stale(prober.probes()), load.probes().size(),
					new Succession(this.client.shown()).stale(load.probes()),
					new Succession(this.caused).lags(prober.probes()));
		}
	}

	/**
	 * What causes a rotation is that the SPIRE Server has another X.509-SVID.
	 */
	private void rotate() throws InterruptedException {
		int shown = this.server.shown().size();
		int clientShown = this.client.shown().size();
		BigInteger before = this.client.serialNumber();
		long cause = System.nanoTime();
		this.world.replaceSvid(ClientApplication.SERVICE_ACCOUNT);
		this.world.replaceSvid(this.webServer.serviceAccount());
		Wait.until(() -> !this.client.serialNumber().equals(before), () -> "There is no other X.509-SVID");
		Wait.until(() -> this.client.shown().size() > clientShown, () -> "The client is not told of its certificate");
		awaitShown(shown + 1);
		this.caused.add(new Publication(this.server.shown().get(shown).serialNumber(), cause));
	}

	private void awaitShown(int count) throws InterruptedException {
		Wait.until(() -> this.server.shown().size() >= count, () -> "The server tells of no other certificate");
	}

	/**
	 * The handshakes and calls that are under way may have begun too early, the next ones
	 * have not.
	 */
	private static void awaitLook(Repetition prober, Load load) throws InterruptedException {
		long before = prober.successes();
		List<Long> answered = load.answered();
		Wait.until(() -> prober.successes() >= before + 2, () -> "The prober does not get through");
		for (int i = 0; i < answered.size(); i++) {
			int caller = i;
			Wait.until(() -> load.answered().get(caller) >= answered.get(caller) + 2,
					() -> "Caller %d does not get through: %s".formatted(caller, load.failures()));
		}
	}

}
