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
 * Tells what was measured.
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
			List<PeerCheck> checks, List<RotationResult> rotations) {
		TlsReport report = new TlsReport(plan, throughput);
		report.calls();
		report.handshakes(handshakes);
		report.checks(checks);
		report.rotations(rotations);
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
				of %s; each figure is the median of %d turns, with the quartiles. What is compared takes turns at \
				once, in changing order, and its ratio is the median of the ratios within each round. Processor \
				time is that of the whole process, compiler and garbage collector included.\
				""".formatted(ThroughputRun.CALLERS, Units.time(this.plan.window().toNanos()), this.plan.rounds()))
			.paragraph("""
					A new connection for each call, which the server closes with its answer: TCP, handshake, one `GET` \
					and the goodbye. Our bundle makes a fresh context for each connection, so that no session outlives \
					the decision who may connect; so the handshakes of the PEM bundle to compare with are full ones \
					too (the client forgets its sessions before each call), and those that resume a session stand \
					beside them. *Full* is how many calls in a hundred saw the client check the server's certificate.\
					""")
			.table(table(false))
			.paragraph("Connections that are kept, where TLS has only to encrypt:")
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
					times(each.clients()), Units.time(each.servers().median()), times(each.servers()),
					Units.time(each.clients().median() + each.servers().median()));
		}
		this.report.table(table);
	}

	private void checks(List<PeerCheck> checks) {
		this.report.paragraph(
				"""
						The check of a client's certificate by itself: `checkClientTrusted`, of a certificate that nobody has \
						seen yet, and of one that the JDK keeps as verified, in processor time. Means of batches of 200, of which \
						%d take turns: their medians and quartiles.\
						"""
					.formatted(this.plan.batches()));
		Table table = new Table("", "never seen", "quartiles", "seen before", "quartiles");
		for (PeerCheck check : checks) {
			table.row(check, Units.time(check.unseen().median()), times(check.unseen()),
					Units.time(check.seen().median()), times(check.seen()));
		}
		this.report.table(table);
	}

	private void rotations(List<RotationResult> rotations) {
		this.report
			.paragraph(
					"""
							Rotations under load: a JDK and an HttpComponents client over connections that they keep, the same \
							two over a new connection for each call, and a prober that shakes hands every few milliseconds and looks what \
							the server shows. *SVID bundle*: server and client get another X.509-SVID each from the \
							simulated SPIRE Server, both visit it every 50 ms for that, and the next rotation follows as soon as \
							`SvidRotatedEvent` has told of the last and the prober has looked. *PEM bundle*: `reload-on-update` on \
							the server, certificate and key in one file that is replaced by a rename; Spring Boot reloads once the \
							files have been quiet for 10 s and never while they are not, so there are fewer rotations, each as \
							soon as the update handlers have told of the last and the prober has looked. Its clients keep the \
							certificate that they were built with.\
							""")
			.paragraph(
					"""
							*Old after told*: handshakes that began after the server had told of a certificate, by event or \
							update handler, and were shown an earlier one. *Old until*: how long the last handshake that was \
							shown an earlier certificate began after the new one was published, which is the event for SVIDs and \
							the rename for files; median and maximum over the rotations.\
							""");
		Table table = new Table("", "rotations", "in", "calls", "failed", "handshakes of the prober", "failed",
				"old after told", "old until", "at most");
		for (RotationResult result : rotations) {
			Sample lags = Sample.of(result.lags());
			table.row("%s, %s".formatted(result.server(), result.bundle()), result.rotations(),
					Units.time(result.time().toNanos()), count(result.calls()), result.failures().size(),
					count(result.probes()), result.failedProbes().size(), result.stale(), lag(lags.median()),
					lag(lags.max()));
			if (result.bundle() == Bundle.SVID && !result.isFlawless()) {
				this.report.failed();
			}
		}
		this.report.table(table);
		rotations.stream()
			.flatMap((result) -> result.failures().stream())
			.map(Exception::toString)
			.distinct()
			.limit(5)
			.forEach((failure) -> this.report.paragraph("A call failed: `%s`".formatted(failure)));
	}

	private static String lag(double nanos) {
		return (nanos > 0) ? Units.time(nanos) : "at once";
	}

	private static String count(long count) {
		return String.format(Locale.ROOT, "%,d", count);
	}

	private static String quartiles(Sample sample) {
		return "%s – %s".formatted(Units.number(sample.percentile(25)), Units.number(sample.percentile(75)));
	}

	private static String times(Sample sample) {
		return "%s – %s".formatted(Units.time(sample.percentile(25)), Units.time(sample.percentile(75)));
	}

}
