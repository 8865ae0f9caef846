package dev.psat.benchmarks.spire.tls;

import java.util.List;
import java.util.stream.Stream;

import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;

/**
 * Writes the part of the report on rotations under load.
 */
final class RotationReport {

	private static final int MOST_FAILURES = 5;

	private RotationReport() {
	}

	static void add(Report report, Plan plan, List<RotationResult> rotations) {
		report
			.paragraph(
					"""
							Rotations under load. A JDK client and an HttpComponents client call over connections that stay \
							open, two more over a new connection for each call, and a prober makes one handshake after another \
							to see which certificate the server presents. A call has failed if it throws, returns a \
							status other than 200, or waits longer than %s for a connection or for the answer. *SVID bundle*: server and client each obtain another \
							X.509-SVID from the simulated SPIRE Server, which both visit every 50 ms. *PEM bundle*: the server \
							has `reload-on-update`, with certificate and key in one file that a rename replaces. The next \
							rotation follows as soon as the `SvidRotatedEvent` of both sides, or the update handler, has \
							reported the last one, the prober has made a handshake, and all four callers have the answer to a \
							call that began later. Spring Boot reloads once the files have been quiet for 10 s, so a rotation \
							takes more than that, and there are %d instead of %d. The clients of the PEM bundle keep the \
							certificate with which they were created.\
							"""
						.formatted(Units.time(ClientApplication.TIMEOUT.toNanos()), plan.reloads(), plan.rotations()))
			.paragraph("Answered calls of each caller, and failed calls of all callers:");
		Table calls = new Table("", "rotations", "duration", "JDK, open", "HttpComponents, open", "JDK, new",
				"HttpComponents, new", "failed");
		rotations.forEach((result) -> calls.row(name(result), result.rotations(), Units.time(result.time().toNanos()),
				Units.count(result.answered().get(0)), Units.count(result.answered().get(1)),
				Units.count(result.answered().get(2)), Units.count(result.answered().get(3)),
				result.failures().size()));
		report.table(calls).paragraph("""
				Certificates that were presented: the server's to the prober, and the client's to the server in \
				calls over new connections. *Stale after the event*: handshakes (or calls) that began after that \
				side had reported a new certificate, by event or update handler, but still presented an earlier one. \
				*Stale for*: the time from the cause of a rotation to the start of the last handshake in which the \
				server presented an earlier certificate; median and maximum of all rotations. The cause is the \
				rename or, for the SVID bundle, that the simulated SPIRE Server has another X.509-SVID for the \
				server.\
				""");
		Table handshakes = new Table("", "handshakes of the prober", "failed", "server stale after the event",
				"handshakes of the callers", "client stale after the event", "stale for", "maximum");
		rotations.forEach((result) -> handshakes(handshakes, result));
		report.table(handshakes);
		rotations.stream().flatMap(RotationReport::failures).distinct().limit(MOST_FAILURES).forEach(report::paragraph);
		if (!rotations.stream().allMatch((result) -> result.bundle() != Bundle.SVID || result.isFlawless())) {
			report.failed();
		}
	}

	private static void handshakes(Table table, RotationResult result) {
		Sample lags = Sample.of(result.lags());
		table.row(name(result), Units.count(result.servers().handshakes()), result.failedProbes().size(),
				result.servers().stale(), Units.count(result.clients().handshakes()),
				(result.bundle() == Bundle.SVID) ? result.clients().stale() : "–", lag(lags.median()), lag(lags.max()));
	}

	private static Stream<String> failures(RotationResult result) {
		return Stream.concat(result.failures().stream(), result.failedProbes().stream())
			.map((failure) -> "A call or handshake failed (%s): `%s`".formatted(name(result), failure));
	}

	private static String name(RotationResult result) {
		return "%s, %s".formatted(result.server(), result.bundle());
	}

	private static String lag(double nanos) {
		return (nanos > 0) ? Units.time(nanos) : "at once";
	}

}
