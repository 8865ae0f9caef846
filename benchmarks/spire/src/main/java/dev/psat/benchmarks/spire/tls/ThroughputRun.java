package dev.psat.benchmarks.spire.tls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

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

	/** For what the turn before has left to do. */
	private static final Duration SETTLE = Duration.ofMillis(100);

	private final Map<WebServer, Map<Bundle, ServerProcess>> servers = new EnumMap<>(WebServer.class);

	private final ClientApplication client;

	private ThroughputRun(ClientApplication client) {
		this.client = client;
	}

	/**
	 * Measure all in turns, with servers that are started anew several times.
	 * @param plan how much
	 * @param world where
	 * @param client who calls
	 * @return what was measured, in the order of rounds
	 * @throws Exception if a call fails
	 */
	static Map<Cell, List<Throughput>> of(Plan plan, World world, ClientApplication client) throws Exception {
		Map<Cell, List<Throughput>> measured = new HashMap<>();
		Random random = new Random(SEED);
		for (int fork = 1; fork <= plan.forks(); fork++) {
			try (ThroughputRun run = new ThroughputRun(client)) {
				run.start(world);
				for (int round = -plan.warmUps(); round < plan.rounds(); round++) {
					for (Cell cell : turns(random)) {
						Throughput throughput = run.measure(cell, (round < 0) ? plan.warmUp() : plan.window());
						if (round >= 0) {
							measured.computeIfAbsent(cell, (first) -> new ArrayList<>()).add(throughput);
						}
					}
				}
			}
			System.err.printf("Fork %d of %d is over%n", fork, plan.forks());
		}
		return measured;
	}

	private void start(World world) throws Exception {
		for (WebServer server : WebServer.values()) {
			Map<Bundle, ServerProcess> processes = new EnumMap<>(Bundle.class);
			this.servers.put(server, processes);
			for (Bundle bundle : Bundle.values()) {
				processes.put(bundle, ServerProcess.start(server,
						(bundle == Bundle.SVID) ? svid(world, server) : this.client.pemFiles().properties(false)));
			}
		}
	}

	private static List<String> svid(World world, WebServer server) {
		return Stream.concat(world.properties(server.serviceAccount()).stream(), Stream.of("server.ssl.bundle=spire"))
			.toList();
	}

	private Throughput measure(Cell cell, Duration window) throws Exception {
		ServerProcess server = Objects
			.requireNonNull(Objects.requireNonNull(this.servers.get(cell.server())).get(cell.bundle()));
		server.collectGarbage();
		System.gc();
		Thread.sleep(SETTLE.toMillis());
		return Load.measure(this.client.callers(CALLERS, cell.library(), cell.bundle()), server, cell.path(), window);
	}

	/**
	 * Return all that is measured in a round, in random order. What is compared follows
	 * at once.
	 * @param random what the order comes from
	 * @return the turns
	 */
	static List<Cell> turns(Random random) {
		List<Cell> cells = cells();
		Collections.shuffle(cells, random);
		List<Cell> turns = new ArrayList<>();
		for (Cell cell : cells) {
			List<Bundle> bundles = new ArrayList<>(bundles(cell.kept()));
			Collections.shuffle(bundles, random);
			bundles.forEach((bundle) -> turns.add(cell.with(bundle)));
		}
		return turns;
	}

	/**
	 * Return all that is measured, with our bundle.
	 * @return a cell for each
	 */
	static List<Cell> cells() {
		List<Cell> cells = new ArrayList<>();
		for (boolean kept : new boolean[] { false, true }) {
			for (WebServer server : WebServer.values()) {
				for (HttpLibrary library : HttpLibrary.values()) {
					cells.add(new Cell(server, library, kept, Bundle.SVID));
				}
			}
		}
		return cells;
	}

	/**
	 * Return what takes turns. Where connections are kept there is nothing to resume.
	 * @param kept whether they are
	 * @return the bundles
	 */
	static List<Bundle> bundles(boolean kept) {
		return kept ? List.of(Bundle.SVID, Bundle.PEM) : List.of(Bundle.values());
	}

	@Override
	public void close() throws InterruptedException {
		for (Map<Bundle, ServerProcess> processes : this.servers.values()) {
			for (ServerProcess server : processes.values()) {
				server.close();
			}
		}
	}

}
