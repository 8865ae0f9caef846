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

	private static final List<Bundle> BUNDLES = List.of(Bundle.SVID, Bundle.PEM);

	@Override
	public Report run(List<String> arguments) throws Exception {
		Plan plan = Plan.of(arguments);
		try (WorkDirectory work = WorkDirectory.create(); World world = new World(work.path(), Duration.ZERO)) {
			TlsReport report = new TlsReport(plan);
			try (ClientApplication client = new ClientApplication(world)) {
				report.calls(ThroughputRun.of(plan, world, client, List.of(HttpLibrary.values()), BUNDLES));
				report.handshakes(handshakes(plan, client, BUNDLES));
				report.checks(PeerChecks.of(plan.batches(), world, client));
			}
			List<RotationResult> rotations = new ArrayList<>();
			for (WebServer server : WebServer.values()) {
				rotations.add(RotationRun.of(world, server, plan.rotations()));
			}
			return report.rotations(rotations);
		}
	}

	static Measured<String, EngineHandshakes.Means> handshakes(Plan plan, ClientApplication client,
			List<Bundle> bundles) throws Exception {
		Map<String, EngineHandshakes> all = new LinkedHashMap<>();
		Stream.of("TLSv1.3", "TLSv1.2")
			.forEach((protocol) -> bundles.forEach((bundle) -> all.put("%s, %s".formatted(protocol, bundle),
					EngineHandshakes.of(client, bundle, protocol))));
		Turns<String, EngineHandshakes> turns = new Turns<>("", all);
		turns.measure(plan.batches(), (each) -> each.measure(plan.handshakes()));
		return turns.measure(plan.batches(), (each) -> each.measure(plan.handshakes()));
	}

}
