package dev.psat.benchmarks.spire.attest;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.WorkDirectory;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.client.ServerAddress;

import org.springframework.util.Assert;

/**
 * Measures how long it takes from an attestation to an X.509-SVID, when all is warm but
 * the connections: by our client, by the same calls without one, and by those on
 * grpc-netty; at a simulated server and, if it is told of one, at a real one.
 */
public final class AttestBenchmark implements Benchmark {

	private static final String QUICK = "quick";

	private static final int QUICK_TIMES = 50;

	private static final int TIMES = 500;

	/** Their times are printed. */
	private static final int WITH_THREE_CONNECTIONS = 3;

	private static final int REAL_SERVER = 5;

	@Override
	public Report run(List<String> arguments) throws Exception {
		List<String> rest = new ArrayList<>(arguments);
		int times = times(rest);
		Assert.isTrue(rest.isEmpty() || rest.size() == REAL_SERVER,
				"A real server is given by address, trust domain, path of its trust bundle, cluster and path of a token");
		HttpClients.lookEverySecond();
		List<Findings> findings = new ArrayList<>();
		try (WorkDirectory work = WorkDirectory.create();
				SimulatedServer server = SimulatedServer.start(work.path());
				GrpcNettyTransport grpc = new GrpcNettyTransport()) {
			findings.add(findings(server.target(), grpc, times));
			if (!rest.isEmpty()) {
				findings.add(findings(new Target("real server", ServerAddress.parse(rest.get(0)),
						TrustDomain.of(rest.get(1)), Path.of(rest.get(2)), rest.get(3), Path.of(rest.get(4))), grpc,
						times));
			}
		}
		return AttestReport.of(findings);
	}

	private static int times(List<String> arguments) {
		if (arguments.isEmpty()) {
			return TIMES;
		}
		String first = arguments.get(0);
		if (first.equals(QUICK)) {
			arguments.remove(0);
			return QUICK_TIMES;
		}
		if (first.chars().allMatch(Character::isDigit)) {
			arguments.remove(0);
			return Integer.parseInt(first);
		}
		return TIMES;
	}

	private static Findings findings(Target target, GrpcNettyTransport grpc, int times) throws Exception {
		TrustBundle bundle = target.readTrustBundle();
		List<X509Certificate> authorities = bundle.x509Authorities().stream().map(X509Authority::certificate).toList();
		Supplier<Transport> jdk = HttpClientTransport::withDeadline;
		List<Candidate> candidates = List.of(new Ours(target, bundle), new Bare(target, jdk, false, authorities),
				new Bare(target, () -> grpc, false, authorities), new Bare(target, jdk, true, authorities),
				new Bare(target, () -> grpc, true, authorities));
		int rounds = (times + Course.BLOCK - 1) / Course.BLOCK;
		Course contest = new Course(target, candidates);
		Course anatomy = new Course(target, candidates.subList(0, WITH_THREE_CONNECTIONS));
		measure(target, times / 2);
		int warmUp = contest.warmUp(3 * rounds);
		List<Series> measured = contest.run(rounds, false);
		return new Findings(target, warmUp, contest.isWarm(), measured, contest.unsettled(),
				anatomy.run((rounds + 1) / 2, true), measure(target, times));
	}

	private static Map<Part, Sample> measure(Target target, int times) throws Exception {
		try (Parts parts = new Parts(target)) {
			return parts.measure(times);
		}
	}

}
