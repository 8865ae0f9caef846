package dev.psat.tlstests.tomcat.soak;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.psat.support.soak.Figures;

/**
 * Reports the outcome of the soak in Markdown.
 */
final class SoakReport {

	private static final String REPORT = """
			%s, seed %d: %d faults of a simulated SPIRE Server, one at a time, each fixed before the next. The seed \
			determines their order, the gaps between them, which application they hit, and everything else that is \
			random. Two applications, each with a service account of its own, serve `server.ssl.bundle: spire` on \
			Tomcat and authorize only each other. Each calls the other all the time over mutual TLS, with short \
			pauses: one thread on a connection that stays open from start to end, two more threads on a new connection \
			each time, with `java.net.http` and with `HttpURLConnection`. X.509-SVIDs live for %d seconds, agent SVIDs \
			for %d, and both applications visit the server every 5 seconds.

			A call on an open connection must never fail. A call on a new one may fail only because one side does not \
			trust the SVID of the other, and only at two times: from the revocation of an authority until both \
			applications have an SVID of its successor, and in an outage, from 120 seconds after the first SVID has \
			expired until both have another one: neither side takes it any more, not even its owner. After a \
			revocation, an application must not have more failed calls than there were handshakes in which, according \
			to the meters, one side did not trust the other; whoever refuses for the sake of the own SVID counts \
			nothing. State and last error of both applications, checked every 5 ms, must be what the fault explains. \
			Each fault must become visible, and within a limit after it has been fixed, each application must be \
			`READY` without an error, with another SVID and the server's trust bundle. Any other failed call, state, \
			error or handshake that the meters count as refused is a violation, and so is the end of an open \
			connection.

			|  |  |
			| --- | --: |
			%s
			%s

			Resources between faults, while nobody called and no connection to the server was open: the medians of \
			each third of the time after every fault had happened once, from %d samples. The simulated server, both \
			applications and their callers share one process. The JDK keeps the last 750 certificates that it has \
			parsed; that cache is filled before the soak starts, since it would look like growth. A figure is flat \
			unless both its medians and its trend grow by more than the allowance. Threads and descriptors vary by a \
			few, since clients keep idle ones for a while.

			|  | start | middle | end | maximum | allowed growth | verdict |
			| --- | --: | --: | --: | --: | --: | --: |
			%s
			The time from the start of a fault until it was visible, and from its end until an application had \
			recovered: median / maximum. A banned application only tries again every ten minutes, so its visits are \
			started anew when the ban is lifted, as a restart would do.

			| fault | times | seen after | over after | failed calls |
			| --- | --: | --: | --: | --: |
			%s""";

	private SoakReport() {
	}

	static String of(Soak soak, Duration duration, long seed, Totals totals) {
		long violations = soak.violations().count();
		return REPORT.formatted(duration.toString().substring(2).toLowerCase(Locale.ROOT), seed, soak.happened(),
				SoakWorld.SVID_LIFE.toSeconds(), SoakWorld.AGENT_LIFE.toSeconds(),
				totals.rows(soak.happened(), violations),
				(violations == 0) ? "No violation was seen."
						: "**Failed.** The first violations:\n\n* " + String.join("\n* ", soak.violations().first()),
				soak.resources().size(), soak.resources().rows(), recoveries(soak, totals));
	}

	private static String recoveries(Soak soak, Totals totals) {
		return soak.recoveries()
			.entrySet()
			.stream()
			.map((fault) -> "| %s | %d | %s | %s | %d |\n".formatted(fault.getKey().name(), fault.getValue().times,
					Figures.times(fault.getValue().seen), Figures.times(fault.getValue().over),
					totals.allowances().explained(fault.getKey().name())))
			.collect(Collectors.joining());
	}

}
