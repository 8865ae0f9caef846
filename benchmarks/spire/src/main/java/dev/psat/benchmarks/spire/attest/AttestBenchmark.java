package dev.psat.benchmarks.spire.attest;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.sun.management.OperatingSystemMXBean;
import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Turns;
import dev.psat.benchmarks.Units;
import dev.psat.benchmarks.WorkDirectory;
import dev.psat.benchmarks.spire.FirstVisit;
import dev.psat.benchmarks.spire.Target;
import dev.psat.spiffe.TrustBundle;

import org.springframework.util.Assert;

/**
 * Measures how long it takes from an attestation to an X.509-SVID, when all is warm but
 * the connections: by our client and by the same calls without one, at a simulated server
 * and, if it is told of one, at a real one.
 */
public final class AttestBenchmark implements Benchmark {

	private static final String QUICK = "quick";

	private static final int QUICK_TIMES = 50;

	private static final int TIMES = 500;

	private static final int REAL_SERVER = 5;

	private static final int BLOCK = 25;

	private static final int SEED = 11;

	private static final String OURS = "ours";

	private static final String BARE = "JDK's `HttpClient`, three connections";

	private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

	@Override
	public Report run(List<String> arguments) throws Exception {
		List<String> rest = new ArrayList<>(arguments);
		int times = times(rest);
		Assert.isTrue(rest.isEmpty() || rest.size() == REAL_SERVER,
				"A real server is given by address, trust domain, path of its trust bundle, cluster and path of a token");
		// no server has a host name that the bare calls could check
		System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
		// how soon, in milliseconds, a client notices that it is unused
		System.setProperty("jdk.internal.httpclient.selectorTimeout", "1000");
		Report report = new Report("Attestation").paragraph("""
				The time from the first call to an X.509-SVID, with the calls that the starter makes at a first \
				visit: the trust bundle, two pairs of keys on P-256 with their certificate requests, the attestation, \
				the entries, and the X.509-SVID. The JVM is warm, and so is the JDK's cache of certificates: the \
				server always presents the same one, so nobody verifies its signature again. Ours opens three \
				connections: one without a client certificate for the trust bundle, another one for the attestation, \
				and one with mutual TLS. All of them are new each time, use TLS 1.3, and resume no session. The \
				connections are closed after each block, and the time for that does not count.\
				""").paragraph("""
				The floor makes the same calls over as many connections on the same transport, the JDK's \
				`HttpClient`, and the connections of an attestation share their threads, as ours do. It checks the \
				server with the JDK's trust manager, and nothing that the server returns, and its messages are those \
				of protobuf. Like ours, it calls `sendAsync` and waits for the future, since the timeout of `send` \
				ends with the headers and cannot limit the time of a whole answer. The simulated server runs in a JVM \
				of its own on the same machine, and does not limit attestations. No step waits until the server \
				reloads its entries.\
				""").paragraph("""
				Both run in one process. A round has a block of %d attestations of each, in a random order (seed %d). \
				Before JDK 21, an `HttpClient` is closed by the garbage collector alone; so a block starts only when \
				the clients of the one before are gone, or after five seconds. The processor time is that of the \
				process, without that wait.\
				""".formatted(BLOCK, SEED));
		try (WorkDirectory work = WorkDirectory.create(); SimulatedServer server = new SimulatedServer(work.path())) {
			measure("simulated server", server.target(), times, report);
			if (!rest.isEmpty()) {
				measure("real server", Target.of(rest), times, report);
			}
		}
		return report;
	}

	private static int times(List<String> arguments) {
		String first = arguments.isEmpty() ? "" : arguments.get(0);
		if (first.matches(QUICK + "|\\d+")) {
			arguments.remove(0);
			return first.equals(QUICK) ? QUICK_TIMES : Integer.parseInt(first);
		}
		return TIMES;
	}

	private void measure(String name, Target target, int times, Report report) throws Exception {
		Map<String, Candidate> candidates = new LinkedHashMap<>();
		TrustBundle bundle = target.readTrustBundle();
		candidates.put(OURS, (payload) -> FirstVisit.to(target, bundle, payload));
		candidates.put(BARE, (payload) -> BareCalls.to(target, bundle, payload));
		Turns<String, Candidate> turns = new Turns<>("", candidates).shuffled(new Random(SEED));
		int rounds = (times + BLOCK - 1) / BLOCK;
		int warmUp = 2 * rounds;
		turns.measure(warmUp, (candidate) -> block(candidate, target));
		Measured<String, Block> blocks = turns.measure(rounds, (candidate) -> block(candidate, target));
		Table table = new Table("", "median", "quartiles", "p99", "processor time");
		for (String candidate : candidates.keySet()) {
			Sample all = Sample.of(blocks.of(candidate).stream().flatMap((block) -> block.times().stream()).toList());
			table.row(candidate, Units.time(all.median()), Units.quartiles(all), Units.time(all.percentile(99)),
					Units.time(blocks.sample(candidate, Block::cpuOfOne).median()));
		}
		Sample time = blocks.ratios(OURS, BARE, Block::median);
		Sample cpu = blocks.ratios(OURS, BARE, Block::cpuOfOne);
		report.paragraph(
				"At the %s, %s attestations in each row, after %s for warm-up. Processor time is measured per block."
					.formatted(name, Units.count(rounds * BLOCK), Units.count(warmUp * BLOCK)))
			.table(table)
			.paragraph("""
					In each round, the median time (mean processor time) of our block is divided by that of the other \
					one. The table has the median of %d rounds, and an interval that contains the true one at least 19 \
					times out of 20.\
					""".formatted(rounds))
			.table(new Table("", "time", "interval", "processor time", "interval").row("ours ÷ " + BARE,
					"**%s**".formatted(Units.number(time.median())), Units.range(time.medianInterval(), Units::number),
					Units.number(cpu.median()), Units.range(cpu.medianInterval(), Units::number)));
	}

	private Block block(Candidate candidate, Target target) throws Exception {
		settle();
		List<Long> times = new ArrayList<>();
		List<AutoCloseable> connections = new ArrayList<>();
		try {
			long cpu = this.system.getProcessCpuTime();
			for (int i = 0; i < BLOCK; i++) {
				byte[] payload = target.payload();
				long began = System.nanoTime();
				connections.add(candidate.attest(payload));
				times.add(System.nanoTime() - began);
			}
			return new Block(times, this.system.getProcessCpuTime() - cpu);
		}
		finally {
			for (AutoCloseable connection : connections) {
				connection.close();
			}
		}
	}

	/**
	 * Collect the clients that are unused, and wait until there are none.
	 */
	private static void settle() throws InterruptedException {
		System.gc();
		for (int i = 0; i < 500 && Thread.getAllStackTraces()
			.keySet()
			.stream()
			.anyMatch((thread) -> thread.getName().matches("HttpClient-.*-SelectorManager")); i++) {
			Thread.sleep(10);
		}
	}

	/**
	 * Obtains an X.509-SVID by connections, keys and certificate requests of its own.
	 */
	@FunctionalInterface
	private interface Candidate {

		/**
		 * Obtain it.
		 * @param payload what is attested with
		 * @return the connections, to be closed
		 * @throws Exception if there is none
		 */
		AutoCloseable attest(byte[] payload) throws Exception;

	}

	/**
	 * Attestations of one candidate, one after the other.
	 *
	 * @param times how long each has taken
	 * @param cpu processor time that this process has used meanwhile
	 */
	private record Block(List<Long> times, long cpu) {

		double median() {
			return Sample.of(this.times).median();
		}

		double cpuOfOne() {
			return (double) this.cpu / this.times.size();
		}

	}

}
