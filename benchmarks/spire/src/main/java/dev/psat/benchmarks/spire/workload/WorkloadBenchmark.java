package dev.psat.benchmarks.spire.workload;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Turns;
import dev.psat.benchmarks.WorkDirectory;
import dev.psat.benchmarks.jvm.Jars;
import dev.psat.benchmarks.jvm.Launch;
import dev.psat.benchmarks.jvm.Program;
import dev.psat.benchmarks.jvm.Start;
import dev.psat.benchmarks.jvm.Way;
import dev.psat.spire.test.SimulatedWorkloadApi;

/**
 * What an SVID of the Workload API costs a JVM that does nothing else, by the client, by
 * the identity and by java-spiffe, and how soon a rotation shows.
 */
public final class WorkloadBenchmark implements Benchmark {

	static final String CLIENT = "`WorkloadClient`";

	static final String IDENTITY = "`WorkloadIdentity`";

	static final String JAVA_SPIFFE = "java-spiffe 0.8.17";

	static final String ID = "spiffe://example.org/ns/shop/sa/orders";

	private static final int ROUNDS = 11;

	private static final int ROTATIONS = 200;

	private static final long IDLE_MILLIS = 60_000;

	@Override
	public Report run(List<String> arguments) throws Exception {
		int rounds = arguments.isEmpty() ? ROUNDS : Integer.parseInt(arguments.get(0));
		String endpoint = System.getenv("SPIFFE_ENDPOINT_SOCKET");
		try (WorkDirectory work = WorkDirectory.create();
				SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().entry(ID).build()) {
			boolean real = endpoint != null;
			List<String> address = List.of(real ? endpoint : api.address());
			Map<String, Program> programs = new LinkedHashMap<>();
			jars().forEach((name, jars) -> programs.put(name,
					new Program(work.path(), jars, "dev.psat.benchmarks.svid." + mainClass(name), address, address)));
			List<Turns<String, Launch>> turns = new ArrayList<>();
			for (Way way : Way.withoutSpring()) {
				turns.add(way.turns(programs));
			}
			List<Measured<String, Start>> starts = Turns.measure(turns, rounds, Launch::start);
			return WorkloadReport.of(real ? "a SPIRE Agent" : "the simulated Workload API", starts, idle(work, turns),
					RotationNotice.measure(ROTATIONS));
		}
	}

	static Map<String, Jars> jars() throws Exception {
		Map<String, Jars> jars = new LinkedHashMap<>();
		Jars built = Jars.built("first-svid");
		jars.put(CLIENT, built.and(Jars.of("first-svid").only("psat-spire-client")));
		jars.put(IDENTITY, built.and(Jars.of("first-svid")));
		jars.put(JAVA_SPIFFE, Jars.built("first-svid-by-java-spiffe").and(Jars.of("first-svid-by-java-spiffe")));
		return jars;
	}

	private static String mainClass(String name) {
		return switch (name) {
			case CLIENT -> "FirstWorkloadSvid";
			case IDENTITY -> "FirstIdentitySvid";
			default -> "FirstJavaSpiffeSvid";
		};
	}

	/** All of them in the same minute. */
	private static List<Measured<String, IdleStream.Cost>> idle(WorkDirectory work, List<Turns<String, Launch>> turns)
			throws Exception {
		List<Measured<String, IdleStream>> streams = Turns.measure(turns, 1,
				(launch) -> work.closing(IdleStream.start(launch)));
		Thread.sleep(IDLE_MILLIS);
		List<Measured<String, IdleStream.Cost>> costs = new ArrayList<>();
		for (Measured<String, IdleStream> way : streams) {
			Measured<String, IdleStream.Cost> cost = new Measured<>(way.name(), way.names());
			for (String name : way.names()) {
				cost.add(name, way.of(name).get(0).cost());
			}
			costs.add(cost);
		}
		return costs;
	}

}
