package dev.psat.benchmarks.spire.attest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;

/**
 * Writes what came of it.
 */
final class AttestReport {

	private static final double P99 = 99;

	private static final String NONE = "–";

	private AttestReport() {
	}

	static Report of(List<Findings> all) {
		Report report = new Report("Attestation")
			.paragraph(
					"""
							From the first call to an X.509-SVID, as the starter makes them at a first visit: trust bundle, two pairs \
							of keys on P-256 and their certificate requests, attestation, entries, X.509-SVID. The JVM is warm, and so \
							is the JDK's cache of certificates: the server shows the same one each time, so that nobody verifies its \
							signature again. Ours makes three connections: without a client certificate for the trust bundle, another \
							one for the attestation, and one by mutual TLS. All are new each time, by TLS 1.3, and none resumes the \
							session of another. Closing them is not in the time.\
							""")
			.paragraph(
					"""
							The floor is the same calls, connections and messages on the same transport, the JDK's `HttpClient`, \
							without a client around them: it checks the server by the JDK's trust manager, and takes what is \
							returned as it is. Like ours it calls `sendAsync` and waits for the future, as it takes to limit the \
							time of a whole answer: the timeout of `send` ends with the headers. Below it the same on grpc-netty, \
							with the JDK's TLS, one channel for each connection and event loops that all of them share. Two \
							connections: the trust bundle and the attestation share one. The simulated server runs in a JVM of its \
							own on the same machine, without a limit on attestations. No step waits for a reload of the server's \
							entries.\
							""")
			.paragraph(
					"""
							All run in one process: in each round a block of %d attestations of each, in an order that is drawn \
							(seed %d). Before JDK 21 nobody can close an `HttpClient` but the collector; so each block waits until \
							those of the block before have ended, which its processor time, that of the process, does not contain.\
							"""
						.formatted(Course.BLOCK, Course.SEED));
		all.forEach((findings) -> addContest(report, findings));
		all.forEach((findings) -> addAnatomy(report, findings));
		return report;
	}

	private static void addContest(Report report, Findings findings) {
		Table times = new Table("", "median", "quartiles", "p99", "processor time");
		for (Series series : findings.contest()) {
			Sample totals = series.totals();
			times.row(series.candidate().name(), Units.time(totals.median()), Units.quartiles(totals),
					Units.time(totals.percentile(P99)), Units.time(series.cpu().median()));
		}
		Series ours = findings.contest().get(0);
		Table ratios = new Table("", "time", "interval", "processor time", "interval");
		for (Series other : findings.contest().subList(1, findings.contest().size())) {
			Sample time = ours.ratios(other, Block::median);
			Sample cpu = ours.ratios(other, Block::cpuOfOne);
			ratios.row("ours ÷ " + other.candidate().name(), "**%s**".formatted(Units.number(time.median())),
					Units.range(time.medianInterval(), Units::number), Units.number(cpu.median()),
					Units.range(cpu.medianInterval(), Units::number));
		}
		report
			.paragraph("At the %s, after %s uncounted ones: %s attestations for each row, and processor time by blocks."
				.formatted(findings.target().name(), Units.count(findings.warmUp()), Units.count(ours.totals().size())))
			.table(times)
			.paragraph(
					"""
							Round by round, the median of the block of ours divided by that of another one: the median of %d \
							rounds, with an interval that contains the true one at least 19 times out of 20. Of the %d blocks, %d \
							began although five seconds had not been enough for the clients of the block before to end.\
							"""
						.formatted(ours.blocks(), ours.blocks() * findings.contest().size(), findings.unsettled()))
			.table(ratios);
	}

	private static void addAnatomy(Report report, Findings findings) {
		List<Series> three = findings.anatomy();
		Table steps = new Table(Stream.concat(Stream.of(""), three.stream().map((series) -> series.candidate().name()))
			.toArray(String[]::new));
		Anatomy anatomy = new Anatomy(steps, three);
		anatomy.row("client made, connection, `GetBundle`", (series) -> series.times(Step.BUNDLE));
		anatomy.row("of this: connection", (series) -> series.connection(Step.BUNDLE, Step.BUNDLE_AGAIN));
		anatomy.row("of this: `GetBundle`", (series) -> series.times(Step.BUNDLE_AGAIN));
		anatomy.row("two pairs of keys", (series) -> series.times(Step.KEYS));
		anatomy.row("request, connection, `AttestAgent`", (series) -> series.times(Step.ATTESTATION));
		anatomy.row("connection by mutual TLS, `GetAuthorizedEntries`", (series) -> series.times(Step.ENTRIES));
		anatomy.row("of this: connection", (series) -> series.connection(Step.ENTRIES, Step.ENTRIES_AGAIN));
		anatomy.row("of this: `GetAuthorizedEntries`", (series) -> series.times(Step.ENTRIES_AGAIN));
		anatomy.row("request, `BatchNewX509SVID`", (series) -> series.times(Step.SVID));
		anatomy.row("all", Series::totals);
		Table parts = new Table("", "median", "quartiles", "in an attestation", "together");
		findings.parts()
			.forEach((part, times) -> parts.row(part.text(), Units.time(times.median()), Units.quartiles(times),
					(part.count() > 0) ? part.count() : NONE,
					(part.count() > 0) ? Units.time(part.count() * times.median()) : NONE));
		report
			.paragraph(
					"""
							Where the time goes at the %s, with three connections: medians of %s further attestations, in which \
							`GetBundle` and `GetAuthorizedEntries` were called a second time, on the connection that was open then. \
							What the first call took longer, each time, is the connection.\
							"""
						.formatted(findings.target().name(), Units.count(three.get(0).totals().size())))
			.table(steps)
			.paragraph(
					"""
							What that is made of, each measured by itself, %s times, in turns. The handshake is that of a blocking \
							socket, until the client has nothing more to send: with the server's share, and with a trust manager \
							that accepts any server, since the check of the server is a row of its own. A call is one that follows \
							another on the same connection, with the server's share; what `sendAsync` takes longer than `send` is the \
							price of a deadline for the whole answer.\
							"""
						.formatted(Units.count(findings.parts().values().iterator().next().size())))
			.table(parts);
	}

	/**
	 * Adds rows with a figure for each candidate.
	 */
	private record Anatomy(Table table, List<Series> series) {

		void row(String name, Function<Series, Sample> times) {
			List<Object> cells = new ArrayList<>(List.of(name));
			this.series.forEach((one) -> cells.add(Units.time(times.apply(one).median())));
			this.table.row(cells.toArray());
		}

	}

}
