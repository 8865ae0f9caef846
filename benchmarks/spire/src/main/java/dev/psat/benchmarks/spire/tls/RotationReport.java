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
		report.paragraph("""
				Rotations under load: a JDK and an HttpComponents client over connections that they keep, the same two \
				over a new connection for each call, and a prober that shakes hands every few milliseconds and looks \
				what the server shows. A call fails that throws anything, is not answered with 200, or takes longer \
				than %s. *SVID bundle*: server and client get another X.509-SVID each from the simulated SPIRE Server, \
				and both visit it every 50 ms for that. *PEM bundle*: `reload-on-update` on the server, certificate \
				and key in one file that is replaced by a rename. The next rotation follows as soon as the \
				`SvidRotatedEvent` of both sides or the update handler has told of the last, the prober has looked, \
				and each of the four callers has the answer to a call that began later. Spring Boot reloads once the \
				files have been quiet for 10 s, and never while they are not, so that a rotation takes more than 10 s: \
				the reload runs %d times, not %d. Its clients keep the certificate that they were built with.\
				""".formatted(Units.time(ClientApplication.TIMEOUT.toNanos()), plan.reloads(), plan.rotations()))
			.paragraph("Calls that were answered, by caller, and calls of all callers that failed:");
		Table calls = new Table("", "rotations", "duration", "JDK, kept", "HttpComponents, kept", "JDK, new",
				"HttpComponents, new", "failed");
		rotations.forEach((result) -> calls.row(name(result), result.rotations(), Units.time(result.time().toNanos()),
				Units.count(result.answered().get(0)), Units.count(result.answered().get(1)),
				Units.count(result.answered().get(2)), Units.count(result.answered().get(3)),
				result.failures().size()));
		report.table(calls).paragraph("""
				Certificates that were shown: the server's to the prober, and the client's to the server in \
				the calls over new connections. *Stale after the event*: handshakes that began after that side had \
				told of a certificate, by event or update handler, and showed an earlier one. For a call, its \
				beginning is what counts. *Stale for*: how long after the cause of a rotation the last handshake \
				began in which the server showed an earlier certificate; median and maximum over the rotations. \
				The cause is that the simulated SPIRE Server has another X.509-SVID for the server, or the rename.\
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
