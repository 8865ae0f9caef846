package dev.psat.benchmarks.soak;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;

/**
 * Reports the outcome of the torture and the soak.
 */
final class SoakReport {

	private static final String TORTURE = """
			The library's torture tests, run by Maven %s. During the swaps, no reader may ever be refused, get a token \
			that nobody wrote, or get an older one than any reader had before.\
			""";

	private static final String SOAK = """
			%s, seed %d: %d faults, one after the other, each repaired by a new token that kubelet writes. They cover \
			%d of the 94 cases in the project's working notes, and have the same numbers; most others need root, a \
			mount or a process of their own, and the rest is left to the library's tests. The seed determines their \
			order, the gaps between them and what they leave open. An auto-configured context, a source that follows a \
			user's link, and a source without file events must withstand them; the first two poll every 5 seconds in \
			addition to the events, the last one twice a second. Each has a reader that requests a payload about once \
			a millisecond; meanwhile, other contexts and sources are continuously opened and closed. A payload must be \
			for the right cluster and contain a token that was published as a whole, has not expired, and is not older \
			than the one before. A refusal must be explained by the fault. The status must show the fault, and then \
			the new token, within %d seconds.\
			""";

	private static final String RESOURCES = """
			Resources in use between two faults, with nothing open but the three: medians of the thirds of the time \
			after each fault had happened once, %d samples. A figure is flat unless both its medians and its trend \
			grow by more than is allowed.\
			""";

	private static final String RECOVERIES = """
			Time from the new token in the file until it was in memory and the status showed no trouble, checked once \
			a millisecond: median / maximum. If a payload was refused, the reader's next request makes the source \
			look, too.\
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
					: "at the short length of an ordinary build, since this is a trial run"))
			.paragraph("%s: %s.".formatted(this.torture.isPassed() ? "Passed" : "**Failed**", this.torture.tests()))
			.paragraph(list(this.torture.figures()))
			.paragraph("## Soak")
			.paragraph(SOAK.formatted(duration.toString().substring(2).toLowerCase(Locale.ROOT), seed,
					this.soak.happened(), this.soak.cases(), World.BOUND.toSeconds()))
			.table(totals())
			.paragraph((this.soak.violations().count() == 0) ? "No violation was seen."
					: "**Failed.** The first violations:\n\n" + list(this.soak.violations().first()))
			.paragraph(RESOURCES.formatted(this.soak.resources().size()))
			.table(this.soak.resources().table())
			.paragraph(RECOVERIES)
			.table(recoveries());
		return (this.torture.isPassed() && this.soak.isPassed()) ? report : report.failed();
	}

	private Table totals() {
		return new Table("", "").row("payloads", Units.count(this.soak.reads()))
			.row("refusals, explained by the fault", Units.count(this.soak.refusals()))
			.row("contexts and sources opened and closed", Units.count(this.soak.opened()))
			.row("torn tokens taken because the machine made a writer pause for too long",
					Units.count(this.soak.excused()))
			.row("changes that a poll found although there were events", Units.count(this.soak.missedEvents()))
			.row("violations", Units.count(this.soak.violations().count()));
	}

	private Table recoveries() {
		Table table = new Table("fault", "no.", "times", "with file events", "polling alone");
		this.soak.recoveries()
			.forEach((fault, times) -> table.row(fault.name(), fault.number(), times.count(), times.withEvents(),
					times.polling()));
		return table;
	}

	private static String list(List<String> lines) {
		return lines.isEmpty() ? "They reported no figures." : "* " + String.join("\n* ", lines);
	}

}
