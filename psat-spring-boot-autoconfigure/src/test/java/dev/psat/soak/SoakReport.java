package dev.psat.soak;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.psat.support.soak.Figures;

/**
 * Reports the outcome of the soak in Markdown.
 */
final class SoakReport {

	private static final String REPORT = """
			%s, seed %d: %d faults, one after the other, each repaired by a new token that kubelet writes. The seed \
			determines their order, the gaps between them and what they leave open; what needs root, a mount or a \
			process of its own is left to the library's other tests. An auto-configured context, a source that \
			follows a user's link, and a source without file events must withstand them; the first two poll every 5 \
			seconds in addition to the events, the last one twice a second. Each has a reader that requests a \
			payload about once a millisecond; meanwhile, other contexts and sources are continuously opened and \
			closed. A payload must be for the right cluster and contain a token that was published as a whole, has \
			not expired, and is not older than the one before. A refusal must be explained by the fault. The status \
			must show the fault, and then the new token, within %d seconds.

			|  |  |
			| --- | --: |
			| payloads | %,d |
			| refusals, explained by the fault | %,d |
			| contexts and sources opened and closed | %,d |
			| torn tokens taken because the machine made a writer pause for too long | %,d |
			| changes that a poll found although there were events | %,d |
			| violations | %,d |

			%s

			Resources in use between two faults, with nothing open but the three: medians of the thirds of the time \
			after each fault had happened once, %d samples. A figure is flat unless both its medians and its trend \
			grow by more than is allowed.

			|  | start | middle | end | maximum | allowed growth | verdict |
			| --- | --: | --: | --: | --: | --: | --: |
			%s
			Time from the new token in the file until it was in memory and the status showed no problem, checked once \
			a millisecond: median / maximum. If a payload was refused, the reader's next request makes the source \
			look, too.

			| fault | times | with file events | polling alone |
			| --- | --: | --: | --: |
			%s""";

	private SoakReport() {
	}

	static String of(Soak soak, Soak.Totals totals, Duration duration, long seed) {
		long violations = soak.violations().count();
		return REPORT.formatted(duration.toString().substring(2).toLowerCase(Locale.ROOT), seed, soak.happened(),
				World.BOUND.toSeconds(), totals.reads(), totals.refusals(), totals.opened(), totals.excused(),
				totals.missedEvents(), violations,
				(violations == 0) ? "No violation was seen."
						: "**Failed.** The first violations:\n\n* " + String.join("\n* ", soak.violations().first()),
				soak.resources().size(), soak.resources().rows(), recoveries(soak));
	}

	private static String recoveries(Soak soak) {
		return soak.recoveries()
			.entrySet()
			.stream()
			.map((fault) -> "| %s | %d | %s | %s |\n".formatted(fault.getKey().name(), fault.getValue().times,
					Figures.times(fault.getValue().withEvents), Figures.times(fault.getValue().polling)))
			.collect(Collectors.joining());
	}

}
