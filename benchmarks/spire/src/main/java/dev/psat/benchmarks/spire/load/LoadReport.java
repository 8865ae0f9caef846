package dev.psat.benchmarks.spire.load;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.spire.test.SpireMethod;

/**
 * Writes what came of it.
 */
final class LoadReport {

	private static final String NONE = "–";

	private final Scale scale;

	private final Episode start;

	private final Episode idle;

	private final Episode inForce;

	private final Episode waiting;

	/**
	 * Create a report.
	 * @param scale how much was measured
	 * @param start when all clients started at once
	 * @param idle while they had nothing to do
	 * @param inForce when the server came back to them
	 * @param waiting when a server came back to clients that had never seen it
	 */
	LoadReport(Scale scale, Episode start, Episode idle, Episode inForce, Episode waiting) {
		this.scale = scale;
		this.start = start;
		this.idle = idle;
		this.inForce = inForce;
		this.waiting = waiting;
	}

	/**
	 * Write the report.
	 * @param ready how many clients were ready when the server came back to them
	 * @return the report
	 */
	Report report(long ready) {
		Report report = new Report("Load on the server").paragraph(
				"""
								%1$d clients of one address, with identities as the starter makes them in one JVM, and a simulated \
								server in the same, which attests one a second for each address and reloads its entries every five \
								seconds. The JVM is warm, since one machine does here what many do elsewhere: as many clients have obtained \
						SVIDs before, one after the other, from another server. All figures but the times are the server's. Start: all clients at once. Idle: %2$s with SVIDs \
								in force, beginning with the last client's. Back: the server was away for %3$s, so that nothing listened \
								on its port, and is watched for %4$s from its return or until all are served, if that is later; first to \
								the clients of before, whose SVIDs are in force and of which %5$d were `READY` at that moment, then \
								another one, %6$s later, to as many clients that had started when it was away. \
								"""
					.formatted(this.scale.clients(), text(this.scale.idle()), text(this.scale.away()),
							text(this.scale.watch()), ready, text(this.inForce.traffic().time()))
						+ """
								A client is served when it is `READY` and a visit begun after the return is complete. A peak is the most \
								in any second, wherever that begins, of a journal that is read every five milliseconds; it is never too \
								low.\
								""");
		Table table = new Table("", "calls each", "`AttestAgent` each", "connections each", "peak of calls",
				"peak of `AttestAgent`", "peak of connections", "half served after", "all served after");
		all().forEach((episode) -> row(table, episode));
		report.table(table)
			.paragraph("While idle, for each client and minute; a SPIRE Agent asks for its entries 12 times.")
			.table(idle());
		if (all().anyMatch((episode) -> episode != this.idle && !episode.isComplete())) {
			report.failed();
		}
		return report;
	}

	private Stream<Episode> all() {
		return Stream.of(this.start, this.idle, this.inForce, this.waiting);
	}

	private void row(Table table, Episode episode) {
		table.row(episode.name(), Units.number(episode.each(Reading::allCalls)),
				Units.number(episode.attestationsEach()), Units.number(episode.each(Reading::connections)),
				episode.traffic().peak(Reading::allCalls),
				episode.traffic().peak((reading) -> reading.calls(SpireMethod.ATTEST_AGENT)),
				episode.traffic().peak(Reading::connections), half(episode), all(episode));
	}

	private static String half(Episode episode) {
		return (2 * episode.served().size() >= episode.clients())
				? Units.time(Sample.of(episode.served().stream().map(Duration::toNanos).toList())
					.percentile(50.0 * episode.clients() / episode.served().size()))
				: NONE;
	}

	private String all(Episode episode) {
		if (episode == this.idle) {
			return NONE;
		}
		return episode.isComplete()
				? Units.time(Sample.of(episode.served().stream().map(Duration::toNanos).toList()).max())
				: "%d of %d".formatted(episode.served().size(), episode.clients());
	}

	private Table idle() {
		Table table = new Table("", "for each client and minute");
		for (SpireMethod method : SpireMethod.values()) {
			if (this.idle.traffic().count((reading) -> reading.calls(method)) > 0) {
				String name = method.fullName();
				table.row("`%s`".formatted(name.substring(name.indexOf('/') + 1)),
						Units.number(this.idle.eachInAMinute((reading) -> reading.calls(method))));
			}
		}
		return table.row("all calls", Units.number(this.idle.eachInAMinute(Reading::allCalls)))
			.row("connections", Units.number(this.idle.eachInAMinute(Reading::connections)));
	}

	private static String text(Duration duration) {
		return Duration.ofSeconds(duration.toSeconds()).toString().substring(2).toLowerCase(Locale.ROOT);
	}

}
