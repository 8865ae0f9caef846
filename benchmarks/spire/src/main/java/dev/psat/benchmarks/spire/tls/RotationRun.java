package dev.psat.benchmarks.spire.tls;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.psat.benchmarks.spire.tls.RotationResult.Shown;
import dev.psat.benchmarks.tlsserver.QuickIdentity;

import org.springframework.util.Assert;

/**
 * A server whose certificate is replaced again and again while clients call it over
 * connections that they keep and over new ones, and a prober looks what it shows.
 */
final class RotationRun {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final Duration LOOK = Duration.ofMillis(2);

	private static final boolean[] KEPT_AND_NOT = { true, false };

	private static final Duration AFTERMATH = Duration.ofSeconds(1);

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
	 * @param bundle what both sides have
	 * @param rotations how often
	 * @return what came of it
	 * @throws Exception if it cannot be told
	 */
	static RotationResult of(World world, WebServer webServer, Bundle bundle, int rotations) throws Exception {
		try (ClientApplication client = ClientApplication.start(world, true);
				ServerProcess server = ServerProcess.start(webServer,
						properties(world, webServer, bundle, client.pemFiles()))) {
			return new RotationRun(world, webServer, client, server).run(bundle, rotations);
		}
	}

	private static List<String> properties(World world, WebServer webServer, Bundle bundle, PemFiles pemFiles) {
		return (bundle != Bundle.SVID) ? pemFiles.properties(true)
				: Stream
					.concat(world.properties(webServer.serviceAccount()).stream(),
							Stream.of("server.ssl.bundle=spire", QuickIdentity.PROPERTY + "=true"))
					.toList();
	}

	private RotationResult run(Bundle bundle, int rotations) throws Exception {
		Publication beginning = new Publication(first(bundle), System.nanoTime());
		this.caused.add(beginning);
		int before = this.server.shown().size();
		try (Load load = new Load();
				Prober prober = new Prober(this.server.uri("/"),
						this.client.pemBundle().getManagers().getKeyManagers())) {
			for (boolean kept : KEPT_AND_NOT) {
				for (HttpLibrary library : HttpLibrary.values()) {
					Cell cell = new Cell(this.webServer, library, kept, bundle);
					load.add(this.client.callers(1, library, bundle), this.server.uri(cell.path()));
				}
			}
			long begin = System.nanoTime();
			for (int i = 0; i < rotations; i++) {
				rotate(bundle);
				awaitLook(prober, load);
			}
			Duration time = Duration.ofNanos(System.nanoTime() - begin);
			List<Long> answered = load.answered();
			Thread.sleep(AFTERMATH.toMillis());
			List<Publication> told = new ArrayList<>(List.of(beginning));
			told.addAll(this.server.shown().subList(before, this.server.shown().size()));
			List<Probe> probes = prober.probes();
			return new RotationResult(this.webServer, bundle, rotations, time, answered, load.failures(),
					Shown.of(probes, new Succession(told)), clients(bundle, load.probes()), prober.failures(),
					new Succession(this.caused).lags(probes));
		}
	}

	/**
	 * A client with PEM files keeps the certificate that it was built with, so that there
	 * is nothing to judge.
	 */
	private Shown clients(Bundle bundle, List<Probe> probes) {
		return (bundle == Bundle.SVID) ? Shown.of(probes, new Succession(this.client.shown()))
				: new Shown(probes.size(), 0);
	}

	/**
	 * The event of the first X.509-SVID may come after the start.
	 */
	private BigInteger first(Bundle bundle) throws InterruptedException {
		await(() -> !this.client.shown().isEmpty(), () -> "The client is not told of its certificate");
		if (bundle != Bundle.SVID) {
			return serialNumber();
		}
		awaitShown(1);
		return this.server.shown().get(0).serialNumber();
	}

	/**
	 * What causes a rotation is that the SPIRE Server has another X.509-SVID, or that the
	 * file is replaced.
	 */
	private void rotate(Bundle bundle) throws Exception {
		int shown = this.server.shown().size();
		int clientShown = this.client.shown().size();
		BigInteger before = serialNumber();
		long cause = System.nanoTime();
		this.world.replaceSvid(World.CLIENT);
		if (bundle == Bundle.SVID) {
			this.world.replaceSvid(this.webServer.serviceAccount());
		}
		this.client.awaitChange(before);
		await(() -> this.client.shown().size() > clientShown, () -> "The client is not told of its certificate");
		if (bundle != Bundle.SVID) {
			cause = System.nanoTime();
			this.client.writePem();
		}
		awaitShown(shown + 1);
		this.caused.add(new Publication(this.server.shown().get(shown).serialNumber(), cause));
	}

	private BigInteger serialNumber() {
		return this.client.identity().x509Svid().serialNumber();
	}

	private void awaitShown(int count) throws InterruptedException {
		await(() -> this.server.shown().size() >= count, () -> "The server tells of no other certificate");
	}

	/**
	 * The handshakes and calls that are under way may have begun too early, the next ones
	 * have not.
	 */
	private static void awaitLook(Prober prober, Load load) throws InterruptedException {
		int before = prober.count();
		List<Long> answered = load.answered();
		await(() -> prober.count() >= before + 2, () -> "The prober does not get through");
		for (int i = 0; i < answered.size(); i++) {
			int caller = i;
			await(() -> load.answered().get(caller) >= answered.get(caller) + 2,
					() -> "Caller %d does not get through: %s".formatted(caller,
							load.failures().stream().limit(1).toList()));
		}
	}

	private static void await(BooleanSupplier condition, Supplier<String> message) throws InterruptedException {
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (!condition.getAsBoolean()) {
			Assert.state(System.nanoTime() < end, message);
			Thread.sleep(LOOK.toMillis());
		}
	}

}
