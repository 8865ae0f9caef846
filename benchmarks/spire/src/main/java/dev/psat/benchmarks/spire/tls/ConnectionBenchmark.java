package dev.psat.benchmarks.spire.tls;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.benchmarks.WorkDirectory;
import dev.psat.benchmarks.spire.World;
import dev.psat.benchmarks.spire.tls.ConnectionCrowd.Findings;
import dev.psat.benchmarks.spire.tls.ThroughputRun.Throughput;

/**
 * What it costs that connections end with the cause of their authorization, beside
 * connections that are kept, and how soon they end.
 */
public final class ConnectionBenchmark implements Benchmark {

	private static final List<Bundle> BUNDLES = List.of(Bundle.SVID, Bundle.KEPT);

	private static final List<Bundle> CALLED = List.of(Bundle.SVID, Bundle.KEPT, Bundle.AGAIN);

	private static final List<TlsReport.Ratio> RATIOS = List.of(
			new TlsReport.Ratio("`end` ÷ `keep`", Bundle.SVID, Bundle.KEPT),
			new TlsReport.Ratio("`end`, once more ÷ `end`", Bundle.AGAIN, Bundle.SVID));

	private final Report report = new Report("Connections that end");

	@Override
	public Report run(List<String> arguments) throws Exception {
		Plan plan = Plan.ofConnections(arguments);
		try (WorkDirectory work = WorkDirectory.create()) {
			try (World world = new World(work.path(), Duration.ZERO);
					ClientApplication client = new ClientApplication(world)) {
				calls(plan, ThroughputRun.of(plan, world, client, List.of(HttpLibrary.HTTP_COMPONENTS), CALLED));
				handshakes(plan, TlsBenchmark.handshakes(plan, client, BUNDLES));
				crowd(ConnectionCrowd.of(world, client, plan.connections()));
			}
			Table table = new Table("", "connections", "p50", "p99", "maximum");
			for (WebServer server : WebServer.values()) {
				// without what the other one has revoked
				try (World world = new World(work.path(), Duration.ZERO)) {
					Sample times = Sample.of(LastByteRun.of(world, server, plan.rotations()));
					table.row(server, times.size(), Units.time(times.median()), Units.time(times.percentile(99)),
							Units.time(times.max()));
				}
			}
			return lastBytes(table);
		}
	}

	private void calls(Plan plan, List<Measured<Bundle, Throughput>> throughput) {
		int half = throughput.size() / 2;
		this.report
			.paragraph(
					"""
							Mutual TLS 1.3 over loopback between two applications, each in a JVM of its own, with the bundle \
							`spire` on both sides: with `open-connections` `end`, as by default, with `keep`, and with `end` once more, which tells how much servers differ without a reason. %d threads, each \
							with a client of HttpComponents, call without a pause in turns of %s. Each figure is the median of %d \
							turns, and calls per second have quartiles. Each web server runs once per setting. The servers start \
							%d times; after each start, they take turns for %d rounds of warm-up, with turns of %s. Both sides \
							collect garbage before each turn. Turns that are compared follow each other directly, in random order \
							(seed %d), and a ratio is the median of the ratios in each round. Processor time is that of the whole \
							process.\
							"""
						.formatted(ThroughputRun.CALLERS, Units.time(plan.window().toNanos()),
								plan.forks() * plan.rounds(), plan.forks(), plan.warmUps(),
								Units.time(plan.warmUp().toNanos()), ThroughputRun.SEED))
			.paragraph("A new connection for each call, which the server closes with its answer:")
			.table(TlsReport.calls(throughput.subList(0, half), RATIOS))
			.paragraph("Connections that stay open:")
			.table(TlsReport.calls(throughput.subList(half, throughput.size()), RATIOS));
	}

	private void handshakes(Plan plan, Measured<String, EngineHandshakes.Means> handshakes) {
		this.report.paragraph("""
				Handshakes in memory, between two `SSLEngine`s in one thread: the processor time of each side. Medians \
				and quartiles of %d batches, each with the mean of %d handshakes, in turns.\
				""".formatted(plan.batches(), plan.handshakes())).table(TlsReport.inMemory(handshakes));
	}

	private void crowd(Findings findings) {
		Table memory = new Table("", "heap per connection");
		for (Bundle bundle : ConnectionCrowd.BUNDLES) {
			memory.row(bundle, Units.size(findings.bytes(bundle)));
		}
		memory.row("`end` − `keep`", Units.size(findings.bytes(Bundle.SVID) - findings.bytes(Bundle.KEPT)));
		Table looks = new Table("connections", "authorities have changed", "quartiles", "trust bundle was refreshed",
				"quartiles");
		new TreeMap<>(findings.looks()).forEach((count, look) -> looks.row(Units.count(count),
				Units.time(look.changes().median()), Units.quartiles(look.changes()),
				Units.time(look.refreshes().median()), Units.quartiles(look.refreshes())));
		this.report.paragraph("""
				Memory of %s connections of a server that are open at once, in memory: what they take of the heap \
				after a garbage collection, most of it the engine of the JDK. Both settings count connections.\
				""".formatted(Units.count(findings.connections()))).table(memory).paragraph("""
				A look at all of these connections: the processor time of the thread `spire-connections`, after \
				the authorities of the trust domain have changed, so that each peer is verified again, and after a \
				refresh that has found the same authorities. Medians and quartiles of %d looks.\
				""".formatted(ConnectionCrowd.LOOKS)).table(looks);
	}

	private Report lastBytes(Table table) {
		return this.report.paragraph("""
				From the moment at which the identity of a server has another trust bundle, until the last byte of an \
				answer to a client whose authority has been revoked. %d clients at a time call without a pause, each \
				over a single connection of HTTP/1.1, until it is cut.\
				""".formatted(LastByteRun.CLIENTS)).table(table);
	}

}
