package dev.psat.benchmarks.spire.soak;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Table;

/**
 * Reports the outcome of the soak.
 */
final class SpireSoakReport {

	private static final String SOAK = """
			%s, seed %d: %d faults of a simulated SPIRE Server, one after the other, each mended before the next. The \
			seed decides their order, the gaps between them, whom they meet and what else they leave open. Two \
			applications with a service account each serve `server.ssl.bundle: spire` on Tomcat, authorize each other \
			and nobody else, and call each other all the time over mutual TLS: from one thread on a connection that is \
			kept from the beginning to the end, and from two others on a new connection each time, by `java.net.http` and \
			by `HttpURLConnection`. X.509-SVIDs live for %d seconds, agent SVIDs for %d, and both applications visit the \
			server every 5 seconds.\
			""";

	private static final String RULES = """
			A call on a kept connection may not fail at all. A call on a new one may fail only because one side does not \
			trust the SVID of the other, and only at two times: from the revocation of an authority until both \
			applications have an SVID of its successor, and in an outage from 120 seconds after the first SVID has expired \
			until both have another one. Even then, no more calls of an application may fail than there were handshakes in \
			which, by the meters, one side did not trust the other. State and last error of both applications, checked \
			every 5 ms, may be nothing but what the design says of the fault. Each fault must be seen, and each \
			application be `READY` without an error, with another SVID and the trust bundle of the server, within a bound \
			after the fault was mended. Any other failed call, state, error or handshake that the meters count as refused \
			is a violation, and so is a kept connection that ends.\
			""";

	private static final String RESOURCES = """
			What was in use between two faults, while nobody called and no connection to the server was open: medians of \
			the thirds of the time after each fault had happened once, %d samples. The simulated server, both applications \
			and their callers share one process. A figure is flat unless both its medians and its trend grow by more than \
			is allowed. Threads and descriptors vary by a few, since clients keep idle ones for a while.\
			""";

	private static final String RECOVERIES = """
			How long it took from the beginning of a fault until it was seen, and from its mending until an application \
			was well again: median / maximum. A banned application looks again every ten minutes only, so its visits are \
			begun anew when the ban is lifted, as by a restart.\
			""";

	private final SpireSoak soak;

	SpireSoakReport(SpireSoak soak) {
		this.soak = soak;
	}

	Report report(Duration duration, long seed) {
		Report report = new Report("Soak of the SPIRE half");
		report
			.paragraph(SOAK.formatted(duration.toString().substring(2).toLowerCase(Locale.ROOT), seed,
					this.soak.happened(), World.SVID_LIFE.toSeconds(), World.AGENT_LIFE.toSeconds()))
			.paragraph(RULES)
			.table(this.soak.totals().table(this.soak.happened(), this.soak.violations().count()))
			.paragraph((this.soak.violations().count() == 0) ? "No violation was seen."
					: "**Failed.** The first violations:\n\n" + list(this.soak.violations().first()))
			.paragraph(RESOURCES.formatted(this.soak.resources().size()))
			.table(this.soak.resources().table())
			.paragraph(RECOVERIES)
			.table(recoveries());
		return this.soak.isPassed() ? report : report.failed();
	}

	private Table recoveries() {
		Table table = new Table("fault", "times", "seen after", "over after", "failed calls");
		this.soak.recoveries()
			.forEach((fault, times) -> table.row(fault.name(), times.count(), times.seen(), times.over(),
					this.soak.totals().explained(fault)));
		return table;
	}

	private static String list(List<String> lines) {
		return "* " + String.join("\n* ", lines);
	}

}
