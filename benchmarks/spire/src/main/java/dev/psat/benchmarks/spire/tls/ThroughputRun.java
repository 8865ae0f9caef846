package dev.psat.benchmarks.spire.tls;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;
import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Turns;
import dev.psat.benchmarks.spire.World;

/**
 * A server for each bundle on both web servers, of which one is called at any time. Those
 * with our bundle and with that of Spring Boot have equally many turns from their start
 * on, so that their JVMs are equally warm.
 */
final class ThroughputRun implements AutoCloseable {

	/** Twice as many as the processors that this is mostly run on. */
	static final int CALLERS = 4;

	/** Begins the random order of turns. */
	static final long SEED = 11;

	/** How few calls a measurement may have. */
	private static final int LEAST_CALLS = 20;

	/** For what the turn before has left to do. */
	private static final int SETTLE = 100;

	private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

	private final Map<List<Object>, ServerProcess> servers = new HashMap<>();

	private final ClientApplication client;

	private ThroughputRun(World world, ClientApplication client, List<Bundle> bundles) throws Exception {
		this.client = client;
		for (WebServer server : WebServer.values()) {
			for (Bundle bundle : bundles) {
				this.servers.put(List.of(server, bundle),
						ServerProcess.start(server, properties(world, server, bundle)));
			}
		}
	}

	private static List<String> properties(World world, WebServer server, Bundle bundle) {
		return switch (bundle) {
			case SVID, AGAIN -> server.properties(world);
			case KEPT ->
				Stream.concat(server.properties(world).stream(), Stream.of("spire.bundle.open-connections=keep"))
					.toList();
			case PEM -> Stream.concat(world.pemProperties().stream(), Stream.of("spire.psat.enabled=false")).toList();
		};
	}

	/**
	 * Measure all in turns, with servers that are started anew several times.
	 * @param plan how much
	 * @param world where
	 * @param client who calls
	 * @param libraries what its clients are made of
	 * @param bundles the bundles that are compared
	 * @return what was measured, of new connections and then of those that are kept
	 * @throws Exception if a call fails
	 */
	static List<Measured<Bundle, Throughput>> of(Plan plan, World world, ClientApplication client,
			List<HttpLibrary> libraries, List<Bundle> bundles) throws Exception {
		List<Turns<Bundle, Cell>> turns = turns(libraries, bundles, new Random(SEED));
		List<Measured<Bundle, Throughput>> all = new ArrayList<>();
		for (int fork = 0; fork < plan.forks(); fork++) {
			try (ThroughputRun run = new ThroughputRun(world, client, bundles)) {
				Turns.measure(turns, plan.warmUps(), (cell) -> run.measure(cell, plan.warmUp()));
				all.addAll(Turns.measure(turns, plan.rounds(), (cell) -> run.measure(cell, plan.window())));
			}
		}
		return merge(all, turns.size());
	}

	/**
	 * Add the rounds of later forks to those of the first.
	 */
	static <T> List<Measured<Bundle, T>> merge(List<Measured<Bundle, T>> all, int turns) {
		for (int i = turns; i < all.size(); i++) {
			Measured<Bundle, T> first = all.get(i % turns);
			Measured<Bundle, T> later = all.get(i);
			later.names().forEach((bundle) -> later.of(bundle).forEach((figure) -> first.add(bundle, figure)));
		}
		return all.subList(0, turns);
	}

	private static List<Turns<Bundle, Cell>> turns(List<HttpLibrary> libraries, List<Bundle> bundles, Random random) {
		List<Turns<Bundle, Cell>> turns = new ArrayList<>();
		for (String path : List.of(Caller.ONCE, Caller.KEPT)) {
			for (WebServer server : WebServer.values()) {
				for (HttpLibrary library : libraries) {
					Map<Bundle, Cell> cells = new LinkedHashMap<>();
					for (Bundle bundle : bundles) {
						cells.put(bundle, new Cell(server, library, path, bundle));
					}
					turns.add(new Turns<>("%s, %s".formatted(server, library), cells).shuffled(random));
				}
			}
		}
		return turns;
	}

	private Throughput measure(Cell cell, Duration window) throws Exception {
		ServerProcess server = Objects.requireNonNull(this.servers.get(List.of(cell.server(), cell.bundle())));
		server.collectGarbage();
		System.gc();
		Thread.sleep(SETTLE);
		List<Caller> callers = Stream
			.generate(() -> this.client.caller(cell.library(), cell.bundle(), server.uri(cell.path())))
			.limit(CALLERS)
			.toList();
		try (Load load = new Load(callers)) {
			Thread.sleep(window.toMillis() / 4);
			Throughput before = total(load, server);
			Thread.sleep(window.toMillis());
			Wait.until(() -> load.calls() - before.calls() >= LEAST_CALLS, () -> "There are hardly any calls");
			Throughput after = total(load, server);
			for (Throwable failure : load.failures()) {
				throw new IllegalStateException("A call has failed", failure);
			}
			return after.since(before);
		}
	}

	private Throughput total(Load load, ServerProcess server) throws InterruptedException {
		return new Throughput(System.nanoTime(), load.calls(), this.system.getProcessCpuTime(), server.cpu());
	}

	@Override
	public void close() throws InterruptedException {
		for (ServerProcess server : this.servers.values()) {
			server.close();
		}
	}

	/**
	 * What is measured in turn with others.
	 */
	record Cell(WebServer server, HttpLibrary library, String path, Bundle bundle) {

	}

	/**
	 * What was done, and the time and the processor time of both processes that it took,
	 * in nanoseconds.
	 */
	record Throughput(long nanos, long calls, long clientCpu, long serverCpu) {

		private Throughput since(Throughput before) {
			return new Throughput(this.nanos - before.nanos, this.calls - before.calls,
					this.clientCpu - before.clientCpu, this.serverCpu - before.serverCpu);
		}

		double callsPerSecond() {
			return this.calls * 1e9 / this.nanos;
		}

		double clientCpuPerCall() {
			return (double) this.clientCpu / this.calls;
		}

		double serverCpuPerCall() {
			return (double) this.serverCpu / this.calls;
		}

	}

}
