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

	private static final double MOST_PER_CLIENT = 2;

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
		this.report
			.paragraph(
					"""
							Mutual TLS 1.3 over loopback between two applications, each in a JVM of its own. *SVID bundle*: \
							server and client use `spire`, and authorize each other's IDs. *PEM bundle*: `spring.ssl.bundle.pem` \
							with `client-auth: need`; its files hold an X.509-SVID from the same simulated SPIRE Server for the \
							same host name, also with a key on P-256, and it accepts every certificate of the trust domain. With \
							the PEM bundle, HttpComponents has to be told to reuse connections (`disableConnectionState()`); our \
							bundle does that itself. %d threads, each with a client of its own, call without a pause in turns of \
							%s. Each figure is the median of %d turns, and calls per second have quartiles. Each web server runs \
							once per bundle, and once more for sessions that are resumed. The servers start %d times; after each start, they take turns for %d rounds of \
							warm-up, with turns of %s, and %d rounds that count. The client's JVM stays the same. Both sides collect garbage before \
							each turn. Turns that are compared follow each other directly, in random order (seed %d), and a \
							ratio is the median of the ratios in each round. Processor time is that of the whole process, \
							including the compiler and the garbage collector.\
							"""
						.formatted(ThroughputRun.CALLERS, Units.time(this.plan.window().toNanos()),
								this.plan.forks() * this.plan.rounds(), this.plan.forks(), this.plan.warmUps(),
								Units.time(this.plan.warmUp().toNanos()), this.plan.rounds(), ThroughputRun.SEED))
			.paragraph("""
					A new connection for each call, which the server closes with its answer: a call is a TCP \
					connection, a TLS handshake, one `GET`, and the close. Our bundle creates a new context for each \
					connection, so that no session outlives the decision who may connect. For comparison, the PEM \
					bundle also makes full handshakes (the client forgets its sessions before each call) and, in \
					turns of its own, handshakes that resume a session. *Full* is how often the client checked the \
					server's certificate per call; calls under way at either end of a turn make it differ from 100 % \
					or 0 %.\
					""")
			.table(table(false))
			.paragraph("Connections that stay open, where TLS only has to encrypt:")
			.table(table(true));
	}

	private Table table(boolean kept) {
		Table table = new Table("", "calls per second", "quartiles", "client's processor time per call",
				"server's processor time per call", "full");
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
				Handshakes in memory, between two `SSLEngine`s in one thread: the processor time that TLS alone \
				takes on each side, from the creation of the engine to the session ticket. Medians and quartiles \
				of %2$d batches, each with the mean of %1$d handshakes, in turns. The peer is always the same, so \
				the JDK has already verified its certificate.\
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
				The check of a client's certificate on its own: the processor time of `checkClientTrusted`, for a \
				certificate that has not been seen before, and for one that the JDK has cached as verified. Medians \
				and quartiles of %d batches, each with the mean of 200 checks, in turns and in random order.\
				""".formatted(this.plan.batches()));
		Table table = checkTable();
		checks.all().forEach((check) -> row(table, check.toString(), check.unseen(), check.seen()));
		this.report.table(table).paragraph("""
				The cost of authorization alone: how much longer a check with a list takes than the same check with \
				`authorize-any-client`, which verifies the chain in the same way. Medians and quartiles of the \
				differences in each batch. If the quartiles lie on both sides of zero, there is no measurable cost.\
				""");
		Table differences = checkTable();
		for (PeerCheck list : checks.lists()) {
			row(differences, list.toString(), list.unseenMoreThan(checks.any()), list.seenMoreThan(checks.any()));
		}
		this.report.table(differences);
		strangers(checks);
	}

	private void strangers(CheckResult checks) {
		this.report.paragraph("""
				The check of a stranger: %d certificates on P-256 that nobody has seen before, all of which name the \
				authority as their issuer, and none of which it signed. No chain of somebody whom the authority \
				does not know takes ours longer, since it stops at the first wrong signature, and the keys of a \
				stranger verify nothing. *Client* is what the JDK's PKIX takes for an ordinary client, that is for \
				one new certificate, as in the first row above; the ratio, of which the median must not exceed %s, \
				is that in each batch. Medians and quartiles of %d batches, each with the mean of 50 strangers, in \
				the same turns.\
				""".formatted(Strangers.LENGTH, Units.number(MOST_PER_CLIENT), this.plan.batches()));
		Table table = new Table("", "stranger", "quartiles", "stranger ÷ client of PKIX", "quartiles");
		for (PeerCheck check : List.of(checks.pkix(), checks.any())) {
			Sample ratios = check.strangePerUnseen(checks.pkix());
			table.row(check.toString(), Units.time(check.strange().median()), Units.quartiles(check.strange()),
					"**%s**".formatted(Units.number(ratios.median())), quartiles(ratios));
		}
		this.report.table(table);
		if (checks.any().strangePerUnseen(checks.pkix()).median() > MOST_PER_CLIENT) {
			this.report.failed();
		}
	}

	private static Table checkTable() {
		return new Table("", "new certificate", "quartiles", "cached", "quartiles");
	}

	private static void row(Table table, String name, Sample unseen, Sample seen) {
		table.row(name, Units.time(unseen.median()), Units.quartiles(unseen), Units.time(seen.median()),
				Units.quartiles(seen));
	}

	private static String quartiles(Sample sample) {
		return "%s – %s".formatted(Units.number(sample.percentile(25)), Units.number(sample.percentile(75)));
	}

}
