package dev.psat.benchmarks.spire.attest;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.client.TrustBundle;
import dev.psat.spire.client.TrustDomain;
import dev.psat.spire.client.X509Authority;

import org.springframework.util.Assert;

/**
 * Measures how long it takes from an attestation to an X.509-SVID, when all is warm but
 * the connections: by our client, by the same calls without one, and by those on
 * grpc-netty; at a simulated server and, if it is told of one, at a real one.
 */
public final class AttestBenchmark implements Benchmark {

	private static final String QUICK = "quick";

	private static final int QUICK_ROUNDS = 20;

	private static final int ROUNDS = 500;

	private static final int REAL_SERVER = 5;

	@Override
	public Report run(List<String> arguments) throws Exception {
		List<String> rest = new ArrayList<>(arguments);
		int rounds = rounds(rest);
		Assert.isTrue(rest.isEmpty() || rest.size() == REAL_SERVER,
				"A real server is given by address, trust domain, path of its trust bundle, cluster and path of a token");
		List<Findings> findings = new ArrayList<>();
		try (SimulatedServer server = SimulatedServer.start()) {
			findings.add(findings(server.target(), rounds));
		}
		if (!rest.isEmpty()) {
			findings.add(findings(new Target("real server", ServerAddress.parse(rest.get(0)),
					TrustDomain.of(rest.get(1)), Path.of(rest.get(2)), rest.get(3), Path.of(rest.get(4))), rounds));
		}
		return AttestReport.of(rounds, findings);
	}

	private static int rounds(List<String> arguments) {
		if (arguments.isEmpty()) {
			return ROUNDS;
		}
		String first = arguments.get(0);
		if (first.equals(QUICK)) {
			arguments.remove(0);
			return QUICK_ROUNDS;
		}
		if (first.chars().allMatch(Character::isDigit)) {
			arguments.remove(0);
			return Integer.parseInt(first);
		}
		return ROUNDS;
	}

	private static Findings findings(Target target, int rounds) throws Exception {
		TrustBundle bundle = target.readTrustBundle();
		List<X509Certificate> authorities = bundle.x509Authorities().stream().map(X509Authority::certificate).toList();
		List<Candidate> candidates = Stream
			.of(new Ours(target, bundle), new Bare(target, new HttpClientTransport(), false, authorities),
					new Bare(target, new GrpcNettyTransport(), false, authorities),
					new Bare(target, new HttpClientTransport(), true, authorities),
					new Bare(target, new GrpcNettyTransport(), true, authorities))
			.toList();
		Course course = new Course(target, candidates);
		Map<Part, Sample> parts;
		try (Parts measured = new Parts(target)) {
			measured.measure(rounds);
		}
		course.run(Math.max(rounds / 2, Course.BLOCK), true);
		List<Series> contest = course.run(rounds, false);
		List<Series> anatomy = course.run(rounds, true);
		try (Parts measured = new Parts(target)) {
			parts = measured.measure(rounds);
		}
		return new Findings(target, contest, anatomy, parts);
	}

}
