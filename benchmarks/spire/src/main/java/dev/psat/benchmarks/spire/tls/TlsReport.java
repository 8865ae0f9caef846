package dev.psat.benchmarks.spire.tls;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;

/**
 * Writes the report.
 */
final class TlsReport {

	private final Report report = new Report("TLS");

	private final Plan plan;

	private final Map<Cell, List<Throughput>> throughput;

	private TlsReport(Plan plan, Map<Cell, List<Throughput>> throughput) {
		this.plan = plan;
		this.throughput = throughput;
	}

	static Report of(Plan plan, Map<Cell, List<Throughput>> throughput, List<EngineHandshakes> handshakes,
			CheckResult checks, List<RotationResult> rotations) {
		TlsReport report = new TlsReport(plan, throughput);
		report.calls();
		report.handshakes(handshakes);
		report.checks(checks);
		RotationReport.add(report.report, plan, rotations);
		return report.report;
	}

	private void calls() {
		this.report.paragraph("""
				Mutual TLS 1.3 between two applications, each a JVM of its own, over loopback. *SVID bundle*: server \
				and client have `spire`, and list each other's IDs. *PEM bundle*: `spring.ssl.bundle.pem` with \
				`client-auth: need`, and in its files an X.509-SVID of the same simulated SPIRE Server for the same \
				host name, with a key on P-256 as well; it lets in whoever has a certificate of the trust domain. \
				HttpComponents is told to keep connections with the PEM bundle (`disableConnectionState()`), as our \
				bundle tells it by itself. %d threads, each with a client of its own, call without a pause in turns \
				of %s; each figure is the median of %d turns, with the quartiles. Each bundle has a server of its \
				own on either web server. The servers start %d times, and after each start take turns for %d rounds \
				of warm-up and %d that count; those of the two full rows have equally many turns. The client's JVM is \
				the same throughout. Before each turn, both sides collect their garbage. What is compared \
				takes turns at once, in random order (seed %d), and its ratio is the median of the ratios within \
				each round. Processor time is that of the whole process, compiler and garbage collector included.\
				""".formatted(ThroughputRun.CALLERS, Units.time(this.plan.window().toNanos()),
				this.plan.forks() * this.plan.rounds(), this.plan.forks(), this.plan.warmUps(), this.plan.rounds(),
				ThroughputRun.SEED))
			.paragraph("""
					A new connection for each call, which the server closes with its answer, so a call is a TCP \
					connection, a TLS handshake, one `GET`, and the close. Our bundle makes a fresh context for each \
					connection, so that no session outlives the decision who may connect. The handshakes of the PEM \
					bundle to compare with are therefore full ones too (the client forgets its sessions before each \
					call), and those that resume a session stand beside them. *Full* is how many calls in a hundred \
					saw the client check the server's certificate.\
					""")
			.table(table(false))
			.paragraph("Connections that are kept, where TLS only has to encrypt:")
			.table(table(true));
	}

	private Table table(boolean kept) {
		Table table = new Table("", "calls a second", "quartiles", "client's processor time for each",
				"server's processor time for each", "full");
		for (Cell ours : ThroughputRun.cells()) {
			if (ours.kept() == kept) {
				ThroughputRun.bundles(kept).forEach((bundle) -> row(table, ours.with(bundle)));
				Cell theirs = ours.with(Bundle.PEM);
				table.row("%s, %s: SVID ÷ PEM".formatted(ours.server(), ours.library()),
						"**%s**".formatted(Units.number(ratios(ours, theirs, Throughput::callsPerSecond).median())),
						quartiles(ratios(ours, theirs, Throughput::callsPerSecond)),
						Units.number(ratios(ours, theirs, Throughput::clientCpuPerCall).median()),
						Units.number(ratios(ours, theirs, Throughput::serverCpuPerCall).median()), "");
			}
		}
		return table;
	}

	private void row(Table table, Cell cell) {
		Sample calls = sample(cell, Throughput::callsPerSecond);
		Sample full = sample(cell, Throughput::handshakesPerCall);
		if (!measured(cell).stream().allMatch(cell::fits)) {
			this.report.failed();
		}
		table.row("%s, %s: %s".formatted(cell.server(), cell.library(), cell.bundle()), Units.number(calls.median()),
				quartiles(calls), Units.time(sample(cell, Throughput::clientCpuPerCall).median()),
				Units.time(sample(cell, Throughput::serverCpuPerCall).median()),
				String.format(Locale.ROOT, "%.0f %%", full.median() * 100));
	}

	private Sample sample(Cell cell, ToDoubleFunction<Throughput> figure) {
		return Sample.of(measured(cell).stream().mapToDouble(figure).boxed().toList());
	}

	private Sample ratios(Cell ours, Cell theirs, ToDoubleFunction<Throughput> figure) {
		return Sample.of(IntStream.range(0, measured(ours).size())
			.mapToObj((round) -> figure.applyAsDouble(measured(ours).get(round))
					/ figure.applyAsDouble(measured(theirs).get(round)))
			.toList());
	}

	private List<Throughput> measured(Cell cell) {
		return Objects.requireNonNull(this.throughput.get(cell));
	}

	private void handshakes(List<EngineHandshakes> handshakes) {
		this.report.paragraph("""
				Handshakes in memory, of two `SSLEngine`s in one thread: what TLS alone takes on either side, in \
				processor time, from making the engine to the session ticket. Means of batches of %d handshakes, \
				of which %d take turns: their medians and quartiles. The peer is always the same, so that the JDK has \
				verified its certificate already.\
				""".formatted(this.plan.handshakes(), this.plan.batches()));
		Table table = new Table("", "client", "quartiles", "server", "quartiles", "both");
		for (EngineHandshakes each : handshakes) {
			table.row("%s, %s".formatted(each.protocol(), each.bundle()), Units.time(each.clients().median()),
					Units.quartiles(each.clients()), Units.time(each.servers().median()),
					Units.quartiles(each.servers()), Units.time(each.clients().median() + each.servers().median()));
		}
		this.report.table(table);
	}

	private void checks(CheckResult checks) {
		this.report.paragraph("""
				The check of a client's certificate by itself: `checkClientTrusted`, of a certificate that nobody has \
				seen yet, and of one that the JDK keeps as verified, in processor time. Means of batches of 200, of \
				which %d take turns in random order: their medians and quartiles.\
				""".formatted(this.plan.batches()));
		Table table = checkTable();
		checks.all().forEach((check) -> row(table, check.toString(), check.unseen(), check.seen()));
		this.report.table(table).paragraph("""
				The cost of authorization alone: how much more a check with a list takes than the same check with \
				`authorize-any-client`, which verifies the chain in the same way. Differences within each batch: \
				their medians and quartiles. Where the quartiles lie on both sides of zero, no cost can be told.\
				""");
		Table differences = checkTable();
		for (PeerCheck list : checks.lists()) {
			row(differences, list.toString(), list.unseenMoreThan(checks.any()), list.seenMoreThan(checks.any()));
		}
		this.report.table(differences);
	}

	private static Table checkTable() {
		return new Table("", "never seen", "quartiles", "seen before", "quartiles");
	}

	private static void row(Table table, String name, Sample unseen, Sample seen) {
		table.row(name, Units.time(unseen.median()), Units.quartiles(unseen), Units.time(seen.median()),
				Units.quartiles(seen));
	}

	private static String quartiles(Sample sample) {
		return "%s – %s".formatted(Units.number(sample.percentile(25)), Units.number(sample.percentile(75)));
	}

}
