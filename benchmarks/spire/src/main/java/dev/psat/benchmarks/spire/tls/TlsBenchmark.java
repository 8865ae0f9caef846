package dev.psat.benchmarks.spire.tls;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;

/**
 * Mutual TLS with our bundle, beside one of Spring Boot that holds the same certificates.
 */
public final class TlsBenchmark implements Benchmark {

	@Override
	public Report run(List<String> arguments) throws Exception {
		Plan plan = Plan.of(arguments);
		try (World world = World.create()) {
			Map<Cell, List<Throughput>> throughput;
			List<EngineHandshakes> handshakes;
			CheckResult checks;
			try (ClientApplication client = ClientApplication.start(world, false)) {
				throughput = ThroughputRun.of(plan, world, client);
				handshakes = handshakes(plan, client);
				checks = checks(plan, world, client);
			}
			List<RotationResult> rotations = new ArrayList<>();
			for (WebServer server : WebServer.values()) {
				rotations.add(RotationRun.of(world, server, Bundle.SVID, plan.rotations()));
				rotations.add(RotationRun.of(world, server, Bundle.PEM, plan.reloads()));
			}
			return TlsReport.of(plan, throughput, handshakes, checks, rotations);
		}
	}

	private static List<EngineHandshakes> handshakes(Plan plan, ClientApplication client) throws Exception {
		List<EngineHandshakes> all = Stream.of("TLSv1.3", "TLSv1.2")
			.flatMap((protocol) -> Stream.of(Bundle.values())
				.map((bundle) -> new EngineHandshakes(client, bundle, protocol)))
			.toList();
		for (int batch = -plan.batches(); batch < plan.batches(); batch++) {
			if (batch == 0) {
				all.forEach(EngineHandshakes::forgetWarmUp);
			}
			for (EngineHandshakes each : all) {
				each.measure(plan.handshakes());
			}
		}
		return all;
	}

	private static CheckResult checks(Plan plan, World world, ClientApplication client) throws Exception {
		PeerCertificates certificates = new PeerCertificates(world);
		Strangers strangers = new Strangers(world);
		try (PeerChecks checks = new PeerChecks(world, client)) {
			List<PeerCheck> turns = new ArrayList<>(checks.all());
			Random random = new Random(ThroughputRun.SEED);
			for (int batch = -plan.batches() / 2; batch < plan.batches(); batch++) {
				if (batch == 0) {
					turns.forEach(PeerCheck::forgetWarmUp);
				}
				Collections.shuffle(turns, random);
				for (PeerCheck check : turns) {
					check.measure(certificates, strangers);
				}
			}
			return new CheckResult(checks.all(), checks.pkix(), checks.any(), checks.lists());
		}
	}

}
