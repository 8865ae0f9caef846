package dev.psat.benchmarks.soak;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Table;

/**
 * Tells what came of the torture and of the soak.
 */
final class SoakReport {

	private static final String TORTURE = """
			The torture tests of the library, run by Maven %s. Of the readers under the swaps none may ever be refused, \
			get a token that nobody wrote, or get an older one than any of them had before.\
			""";

	private static final String SOAK = """
			%s, seed %d: %d faults, one after the other, each mended by a new token that kubelet writes. They are of \
			%d of the 94 cases in the project's working notes, with the numbers of these; most others need root, a mount \
			or a process of their own, and the rest is left to the library's tests. The seed \
			decides their order, the gaps between them and what they leave open. An auto-configured context, a source \
			that comes by a link of the user's, and a source without file events withstand them; the first two poll \
			every 5 seconds beside the events, the last one twice a second. Each has a reader that asks for a payload \
			about once a millisecond, and beside them contexts and sources are opened and closed all the time. A payload \
			must be of the right cluster and hold a token that was published as a whole, is not expired, and is not older \
			than the one before. A refusal must be one that the fault explains. The status must show the fault, and then \
			the new token, within %d seconds.\
			""";

	private static final String RESOURCES = """
			What was in use between two faults while nothing was open but the three: medians of the thirds of the time \
			after each fault had happened once, %d samples. A figure is flat unless both its medians and its trend grow \
			by more than is allowed.\
			""";

	private static final String RECOVERIES = """
			How long it took from the new token in the file until it was in memory and the status showed no trouble, \
			looked at once a millisecond: median / maximum. Where a payload was refused, the reader's next question \
			makes the source look, too.\
			""";

	private final SwapTorture torture;

	private final Soak soak;

	SoakReport(SwapTorture torture, Soak soak) {
		this.torture = torture;
		this.soak = soak;
	}

	Report report(Duration duration, long seed) {
		Report report = new Report("Torture and soak");
		report.paragraph("## Torture")
			.paragraph(TORTURE.formatted(this.torture.full() ? "at their full length (profile `torture`)"
					: "at the short length of an ordinary build, since this is a try"))
			.paragraph("%s: %s.".formatted(this.torture.isPassed() ? "Passed" : "**Failed**", this.torture.tests()))
			.paragraph(list(this.torture.figures()))
			.paragraph("## Soak")
			.paragraph(SOAK.formatted(duration.toString().substring(2).toLowerCase(Locale.ROOT), seed,
					this.soak.happened(), this.soak.cases(), World.BOUND.toSeconds()))
			.table(totals())
			.paragraph((this.soak.violations().count() == 0) ? "No violation was seen."
					: "**Failed.** The first violations:\n\n" + list(this.soak.violations().first()))
			.paragraph(RESOURCES.formatted(this.soak.resources().size()))
			.table(resources())
			.paragraph(RECOVERIES)
			.table(recoveries());
		return (this.torture.isPassed() && this.soak.isPassed()) ? report : report.failed();
	}

	private Table totals() {
		return new Table("", "").row("payloads", count(this.soak.reads()))
			.row("refusals, explained by the fault", count(this.soak.refusals()))
			.row("contexts and sources opened and closed", count(this.soak.opened()))
			.row("torn tokens taken because the machine made a writer pause for too long", count(this.soak.excused()))
			.row("changes that a poll found although there were events", count(this.soak.missedEvents()))
			.row("violations", count(this.soak.violations().count()));
	}

	private Table resources() {
		Table table = new Table("", "start", "middle", "end", "maximum", "allowed growth", "verdict");
		for (Resource resource : Resource.values()) {
			Flatness flatness = this.soak.resources().flatness(resource);
			if (flatness == null) {
				table.row(resource.description(), "", "", "", "", "", "too short to say");
				continue;
			}
			double allowed = resource.allowed(flatness.start());
			table.row(resource.description(), resource.inUnit(flatness.start()), resource.inUnit(flatness.middle()),
					resource.inUnit(flatness.end()), resource.inUnit(flatness.max()), resource.inUnit(allowed),
					flatness.isFlat(allowed) ? "flat" : "**grows**");
		}
		return table;
	}

	private Table recoveries() {
		Table table = new Table("fault", "no.", "times", "with file events", "polling alone");
		this.soak.recoveries()
			.forEach((fault, times) -> table.row(fault.name(), fault.number(), times.count(), times.withEvents(),
					times.polling()));
		return table;
	}

	private static String list(List<String> lines) {
		return lines.isEmpty() ? "They told no figures." : "* " + String.join("\n* ", lines);
	}

	private static String count(long count) {
		return String.format(Locale.ROOT, "%,d", count);
	}

}
