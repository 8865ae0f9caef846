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

	private AttestReport() {
	}

	static Report of(int rounds, List<Findings> all) {
		Report report = new Report("Attestation")
			.paragraph(
					"""
							From the first call to an X.509-SVID, as the starter makes them at a first visit, when the JVM is warm \
							and nothing else is: trust bundle, two pairs of keys on P-256 and their certificate requests, \
							attestation, entries, X.509-SVID; %,d times for each row, in turns, in blocks of %d in one process, \
							after half as many uncounted ones. Ours makes three connections: without a client certificate for the \
							trust bundle, another one for the attestation, and one by mutual TLS. All are new each time, by TLS 1.3, \
							and none resumes the session of another. Closing them is not in the time, but in the processor time, \
							which is that of the process.\
							"""
						.formatted(rounds, Course.BLOCK))
			.paragraph(
					"""
							The floor is the same calls, connections and messages on the same transport, the JDK's `HttpClient`, \
							without a client around them: it checks the server by the JDK's trust manager, and takes what is \
							returned as it is. Below it the same on grpc-netty, with the JDK's TLS, event loops that are kept, and \
							one channel for each connection. Two connections: the trust bundle and the attestation share one. The \
							simulated server runs in a JVM of its own on the same machine, without a limit on attestations. No step \
							waits for a reload of the server's entries.\
							""")
			.table(contest(all));
		all.forEach((findings) -> addAnatomy(report, rounds, findings));
		return report;
	}

	private static Table contest(List<Findings> all) {
		Table table = new Table("", "median", "quartiles", "p99", "÷ floor", "processor time", "÷ floor");
		for (Findings findings : all) {
			Series floor = findings.contest().get(1);
			findings.contest().forEach((series) -> {
				Sample times = series.totals();
				table.row(findings.target().name() + ": " + series.candidate().name(), Units.time(times.median()),
						"%s – %s".formatted(Units.time(times.percentile(25)), Units.time(times.percentile(75))),
						Units.time(times.percentile(P99)), Units.number(times.median() / floor.totals().median()),
						Units.time(series.cpuOfOne()), Units.number(series.cpuOfOne() / floor.cpuOfOne()));
			});
		}
		return table;
	}

	private static void addAnatomy(Report report, int rounds, Findings findings) {
		List<Series> three = findings.anatomy().subList(0, 3);
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
			.forEach((part, times) -> parts.row(part.text(), Units.time(times.median()),
					"%s – %s".formatted(Units.time(times.percentile(25)), Units.time(times.percentile(75))),
					part.count(), Units.time(part.count() * times.median())));
		report
			.paragraph(
					"""
							Where the time goes at the %s, with three connections: medians of %,d further attestations, in which \
							`GetBundle` and `GetAuthorizedEntries` were called a second time, on the connection that was open then. \
							What the first call took longer, each time, is the connection.\
							"""
						.formatted(findings.target().name(), rounds))
			.table(steps)
			.paragraph("""
					What that is made of, each measured by itself, %,d times and more, in turns. The handshake is that \
					of a blocking socket, until the client has nothing more to send, the server's share and the JDK's \
					check of the server included.\
					""".formatted(rounds))
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
