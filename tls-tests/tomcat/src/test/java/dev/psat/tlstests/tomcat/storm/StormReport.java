package dev.psat.tlstests.tomcat.storm;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.psat.support.soak.Figures;

/**
 * Reports the outcome of a season in Markdown.
 */
final class StormReport {

	private static final String REPORT = """
			%s, seed %d: %d storms of 8 to 40 seconds, in which faults begin and end at random, up to five at a time, \
			each for up to 20 seconds; in a run of ten minutes or more, one storm of ten lasts for 200 seconds, and so \
			may its faults. Each fault happens as often as the others; the seed determines the order in which they are \
			drawn, and when they meet is chance. Two \
			simulated SPIRE Servers, `example.org` and `partner.org`, federate with each other. Three applications on \
			Tomcat serve `server.ssl.bundle: spire`: `orders` and `bank` attest to their servers with their tokens, \
			and `stock` has its identity from a simulated agent of `example.org`. Each calls both others all the \
			time, on a connection that is kept and on new ones, `orders` with HttpComponents, `stock` with the JDK's \
			client, and `bank` with `HttpURLConnection`. A policy of its own decides for each whom it accepts and \
			whom it calls. X.509-SVIDs live for 30 seconds, agent SVIDs for 60.

			In a storm, calls may fail, but each ends within 100 seconds, since a policy may hang for 70, and never in \
			another way than the failure of a connection. Whatever happens, no application serves a client that its policy refuses, for whom no \
			authority vouches that it trusts, whose SVID expired more than two minutes ago, or without an SVID of its \
			own, five seconds after that began, whether the connection is new or was open before; and none answers an \
			intruder or believes an impostor: clients and servers that are no guests, for which another trust domain \
			vouches, or whose authority was revoked. Every JWT-SVID is for whom and for what it should be. After each storm, every application is `READY` within 90 seconds \
			without an error, with another SVID and the trust bundles of both servers, and then for four seconds no \
			call fails at all, every connection that is to be kept is, and another application can verify every \
			JWT-SVID. Then, while nothing else is wrong, an authority is revoked, or an entry no longer federates: that \
			takes effect within 30 seconds. While nobody calls, no thread keeps a processor busy. Anything else is a violation, and so is an unexpected error in the log.

			|  |  |
			| --- | --: |
			| storms | %d |
			| faults | %d |
			%s%s| until all was well after a storm: median / maximum | %s |
			| violations | %d |

			%s

			Resources after storms, while nobody called: the medians of each third of the time, from %d samples. \
			Everything shares one process. A figure is flat unless both its medians and its trend grow by more than \
			the allowance. Threads and descriptors vary by a few, since clients keep idle ones for a while.

			|  | start | middle | end | maximum | allowed growth | verdict |
			| --- | --: | --: | --: | --: | --: | --: |
			%s
			| fault | times |
			| --- | --: |
			%s""";

	private StormReport() {
	}

	static String of(Season season, Duration duration, long seed) {
		long violations = season.violations().count();
		int storms = season.recoveries().size();
		return REPORT.formatted(duration.toString().substring(2).toLowerCase(Locale.ROOT), seed, storms, storms,
				season.times().values().stream().mapToInt(Integer::intValue).sum(), season.tally().rows(),
				season.ended().rows(), Figures.times(season.recoveries()), violations,
				(violations == 0) ? "No violation was seen."
						: "**Failed.** The first violations:\n\n* " + String.join("\n* ", season.violations().first()),
				season.resources().size(), season.resources().rows(),
				season.times()
					.entrySet()
					.stream()
					.map((fault) -> "| %s | %d |\n".formatted(fault.getKey(), fault.getValue()))
					.collect(Collectors.joining()));
	}

}
