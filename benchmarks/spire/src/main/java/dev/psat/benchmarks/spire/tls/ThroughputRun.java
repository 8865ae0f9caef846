package dev.psat.benchmarks.spire.tls;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Four servers, of which one is called at any time: with our bundle and with that of
 * Spring Boot, on both web servers.
 */
final class ThroughputRun implements AutoCloseable {

	/** Twice as many as the processors that this is mostly run on. */
	static final int CALLERS = 4;

	private final Map<Cell, List<Throughput>> measured = new LinkedHashMap<>();

	private final Map<WebServer, ServerProcess> svid = new LinkedHashMap<>();

	private final Map<WebServer, ServerProcess> pem = new LinkedHashMap<>();

	private final Plan plan;

	private final ClientApplication client;

	private ThroughputRun(Plan plan, ClientApplication client) {
		this.plan = plan;
		this.client = client;
	}

	static Map<Cell, List<Throughput>> of(Plan plan, World world, ClientApplication client) throws Exception {
		try (ThroughputRun run = new ThroughputRun(plan, client)) {
			for (WebServer server : WebServer.values()) {
				run.svid.put(server,
						ServerProcess.start(server,
								Stream
									.concat(world.properties(server.serviceAccount()).stream(),
											Stream.of("server.ssl.bundle=spire"))
									.toList()));
				run.pem.put(server, ServerProcess.start(server, client.pemFiles().properties(false)));
			}
			return run.measure();
		}
	}

	/**
	 * What is compared follows immediately, in another order each time. The first round
	 * is warm-up.
	 */
	private Map<Cell, List<Throughput>> measure() throws Exception {
		for (int round = 0; round <= this.plan.rounds(); round++) {
			for (Cell cell : cells()) {
				List<Bundle> bundles = bundles(cell.kept());
				for (int turn = 0; turn < bundles.size(); turn++) {
					measure(cell.with(bundles.get((round + turn) % bundles.size())), round != 0);
				}
			}
			System.err.printf("Round %d of %d is over%n", round, this.plan.rounds());
		}
		return this.measured;
	}

	private void measure(Cell cell, boolean counts) throws Exception {
		ServerProcess server = Objects
			.requireNonNull(((cell.bundle() == Bundle.SVID) ? this.svid : this.pem).get(cell.server()));
		Throughput throughput = Load.measure(this.client.callers(CALLERS, cell.library(), cell.bundle()), server,
				cell.path(), this.plan.window());
		if (counts) {
			this.measured.computeIfAbsent(cell, (first) -> new ArrayList<>()).add(throughput);
		}
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
		for (Map<WebServer, ServerProcess> servers : List.of(this.svid, this.pem)) {
			for (ServerProcess server : servers.values()) {
				server.close();
			}
		}
	}

}
