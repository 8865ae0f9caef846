package dev.psat.benchmarks.spire.tls;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import dev.psat.benchmarks.tlsserver.QuickIdentity;

import org.springframework.util.Assert;

/**
 * A server whose certificate is replaced again and again while clients call it over
 * connections that they keep and over new ones, and a prober looks what it shows.
 */
final class RotationRun {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final Duration LOOK = Duration.ofMillis(2);

	private static final Duration AFTERMATH = Duration.ofSeconds(1);

	private final List<Publication> published = new ArrayList<>();

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
	 * Replace certificates, each as soon as the one before it is told to be in use and
	 * the prober has looked.
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
		this.published.add(beginning);
		int before = this.server.shown().size();
		try (Load load = new Load();
				Prober prober = new Prober(this.server.uri("/"),
						this.client.pemBundle().getManagers().getKeyManagers())) {
			for (HttpLibrary library : HttpLibrary.values()) {
				load.add(this.client.callers(1, library, bundle), this.server.uri("/kept"));
				load.add(this.client.callers(1, library, bundle), this.server.uri("/once"));
			}
			long begin = System.nanoTime();
			for (int i = 0; i < rotations; i++) {
				rotate(bundle);
				awaitLook(prober);
			}
			Duration time = Duration.ofNanos(System.nanoTime() - begin);
			Thread.sleep(AFTERMATH.toMillis());
			List<Publication> told = new ArrayList<>(List.of(beginning));
			told.addAll(this.server.shown().subList(before, this.server.shown().size()));
			Succession succession = new Succession(told);
			return new RotationResult(this.webServer, bundle, rotations, time, load.calls(), load.failures(),
					prober.probes().size(), prober.failures(), succession.stale(prober.probes()),
					(bundle == Bundle.SVID) ? succession.lags(prober.probes())
							: new Succession(this.published).lags(prober.probes()));
		}
	}

	/**
	 * The event of the first X.509-SVID may come after the start.
	 */
	private BigInteger first(Bundle bundle) throws InterruptedException {
		if (bundle != Bundle.SVID) {
			return serialNumber();
		}
		awaitShown(1);
		return this.server.shown().get(0).serialNumber();
	}

	private void rotate(Bundle bundle) throws Exception {
		int shown = this.server.shown().size();
		BigInteger before = serialNumber();
		this.world.replaceSvid(World.CLIENT);
		if (bundle == Bundle.SVID) {
			this.world.replaceSvid(this.webServer.serviceAccount());
		}
		this.client.awaitChange(before);
		if (bundle != Bundle.SVID) {
			this.client.writePem();
			this.published.add(new Publication(serialNumber(), System.nanoTime()));
		}
		awaitShown(shown + 1);
	}

	private BigInteger serialNumber() {
		return this.client.identity().x509Svid().serialNumber();
	}

	private void awaitShown(int count) throws InterruptedException {
		await(() -> this.server.shown().size() >= count, "The server tells of no other certificate");
	}

	/**
	 * The handshake that is under way may have begun too early, the next one has not.
	 */
	private static void awaitLook(Prober prober) throws InterruptedException {
		int before = prober.count();
		await(() -> prober.count() >= before + 2, "The prober does not get through");
	}

	private static void await(BooleanSupplier condition, String message) throws InterruptedException {
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (!condition.getAsBoolean()) {
			Assert.state(System.nanoTime() < end, message);
			Thread.sleep(LOOK.toMillis());
		}
	}

}
