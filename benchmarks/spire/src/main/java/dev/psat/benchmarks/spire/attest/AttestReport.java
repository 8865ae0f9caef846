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
 * Writes the report.
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
							The time from the first call to an X.509-SVID, with the calls that the starter makes at a first visit: the \
							trust bundle, two pairs of keys on P-256 with their certificate requests, the attestation, the entries, \
							and the X.509-SVID. The JVM is warm, and so is the JDK's cache of certificates: the server always presents \
							the same one, so nobody verifies its signature again. Ours opens three connections: one without a client \
							certificate for the trust bundle, another one for the attestation, and one with mutual TLS. All of them are \
							new each time, use TLS 1.3, and resume no session. The connections are closed after each \
							block, and the time for that does not count.\
							""")
			.paragraph(
					"""
							The floor makes the same calls over as many connections on the same transport, the JDK's \
							`HttpClient`, and the connections of an attestation share their threads, as ours do. It \
							checks the server with the JDK's trust manager, and nothing that the server returns, and its messages are those of protobuf. Like ours, it calls \
							`sendAsync` and waits for the future, since the timeout of `send` ends with the headers and cannot limit the \
							time of a whole answer. grpc-netty makes the same calls with a deadline each, with the \
							JDK's TLS, one channel per connection, and event loops that all channels share. In the rows of two connections, the trust bundle and \
							the attestation share one. The simulated server runs in a JVM of its own on the same machine, and does not \
							limit attestations. No step waits until the server reloads its entries.\
							""")
			.paragraph(
					"""
							All clients run in one process. A round has a block of %d attestations of each, in a random order (seed \
							%d). Before JDK 21, an `HttpClient` is closed by the garbage collector alone; so a block starts only when \
							the clients of the one before are gone. The processor time is that of the process, without that wait.\
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
		report.paragraph(
				"At the %s, %s attestations in each row, after %s for warm-up, %s. Processor time is measured per block."
					.formatted(findings.target().name(), Units.count(ours.totals().size()),
							Units.count(findings.warmUp()),
							findings.warm() ? "until medians agreed within 3 %"
									: "which was not enough for medians to agree within 3 %"))
			.table(times)
			.paragraph(
					"""
							In each round, the median time (mean processor time) of our block is divided by that of \
							the other one. The table has the median of \
							%d rounds, and an interval that contains the true one at least 19 times out of 20. Of the %d blocks, %d \
							started although some clients of the block before were not gone after five seconds.\
							"""
						.formatted(ours.blocks(), ours.blocks() * findings.contest().size(), findings.unsettled()))
			.table(ratios);
	}

	private static void addAnatomy(Report report, Findings findings) {
		List<Series> three = findings.anatomy();
		Table steps = new Table(Stream.concat(Stream.of(""), three.stream().map((series) -> series.candidate().name()))
			.toArray(String[]::new));
		Anatomy anatomy = new Anatomy(steps, three);
		anatomy.row("create the client, connect, `GetBundle`", (series) -> series.times(Step.BUNDLE));
		anatomy.row("of this, the connection", (series) -> series.connection(Step.BUNDLE, Step.BUNDLE_AGAIN));
		anatomy.row("of this, `GetBundle`", (series) -> series.times(Step.BUNDLE_AGAIN));
		anatomy.row("two pairs of keys", (series) -> series.times(Step.KEYS));
		anatomy.row("sign a request, connect, `AttestAgent`", (series) -> series.times(Step.ATTESTATION));
		anatomy.row("connect with mutual TLS, `GetAuthorizedEntries`", (series) -> series.times(Step.ENTRIES));
		anatomy.row("of this, the connection", (series) -> series.connection(Step.ENTRIES, Step.ENTRIES_AGAIN));
		anatomy.row("of this, `GetAuthorizedEntries`", (series) -> series.times(Step.ENTRIES_AGAIN));
		anatomy.row("sign a request, `BatchNewX509SVID`", (series) -> series.times(Step.SVID));
		anatomy.row("total", Series::totals);
		Table parts = new Table("", "median", "quartiles", "in an attestation", "together");
		findings.parts()
			.forEach((part, times) -> parts.row(part.text(), Units.time(times.median()), Units.quartiles(times),
					(part.count() > 0) ? part.count() : NONE,
					(part.count() > 0) ? Units.time(part.count() * times.median()) : NONE));
		report.paragraph("""
				Where the time goes at the %s, with three connections: the medians of %s more attestations, which call \
				`GetBundle` and `GetAuthorizedEntries` a second time, on the open connection. The \
				connection is the difference between the first call and the second.\
				""".formatted(findings.target().name(), Units.count(three.get(0).totals().size())))
			.table(steps)
			.paragraph(
					"""
							The parts, each measured at least %s times on its own, in turns. The handshake is that of a blocking socket, until \
							the client has nothing more to send. It includes the server's share, and accepts any server, since the \
							check of the server is a separate row. A call follows another one on the same connection, and includes the \
							server's share. The difference between `sendAsync` and `send` is the price of a deadline \
							for the whole answer.\
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
