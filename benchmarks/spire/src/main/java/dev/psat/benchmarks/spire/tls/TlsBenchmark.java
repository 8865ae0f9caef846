package dev.psat.benchmarks.spire.tls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Turns;
import dev.psat.benchmarks.WorkDirectory;
import dev.psat.benchmarks.spire.World;

/**
 * Mutual TLS with our bundle, beside one of Spring Boot that holds certificates of the
 * same server.
 */
public final class TlsBenchmark implements Benchmark {

	@Override
	public Report run(List<String> arguments) throws Exception {
		Plan plan = Plan.of(arguments);
		try (WorkDirectory work = WorkDirectory.create(); World world = new World(work.path(), Duration.ZERO)) {
			TlsReport report = new TlsReport(plan);
			try (ClientApplication client = new ClientApplication(world)) {
				report.calls(ThroughputRun.of(plan, world, client));
				report.handshakes(handshakes(plan, client));
				report.checks(PeerChecks.of(plan.batches(), world, client));
			}
			List<RotationResult> rotations = new ArrayList<>();
			for (WebServer server : WebServer.values()) {
				rotations.add(RotationRun.of(world, server, plan.rotations()));
			}
			return report.rotations(rotations);
		}
	}

	private static Measured<String, EngineHandshakes.Means> handshakes(Plan plan, ClientApplication client)
			throws Exception {
		Map<String, EngineHandshakes> all = new LinkedHashMap<>();
		Stream.of("TLSv1.3", "TLSv1.2")
			.forEach((protocol) -> Stream.of(Bundle.values())
				.forEach((bundle) -> all.put("%s, %s".formatted(protocol, bundle),
						EngineHandshakes.of(client, bundle, protocol))));
		Turns<String, EngineHandshakes> turns = new Turns<>("", all);
		turns.measure(plan.batches(), (each) -> each.measure(plan.handshakes()));
		return turns.measure(plan.batches(), (each) -> each.measure(plan.handshakes()));
	}

}
