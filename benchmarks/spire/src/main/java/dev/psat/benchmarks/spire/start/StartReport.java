package dev.psat.benchmarks.spire.start;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.benchmarks.startup.Jdk;
import dev.psat.benchmarks.startup.LoadedClasses.Origin;

/**
 * Tells what was measured.
 */
final class StartReport {

	private StartReport() {
	}

	static Report of(int rounds, List<Result> web, Result parts, List<Look> looks, List<Result> clients,
			List<Figures> newPods) throws IOException {
		Report report = new Report("Start to first SVID")
			.paragraph(
					"""
							A web application of one class, with Spring MVC, Tomcat and Actuator, in three variants: it serves \
							HTTPS with its SVID (`server.ssl.bundle` names the bundle of the SPIRE starter, and the start waits \
							for the first SVID), HTTPS with an SVID of the same server from PEM files by a bundle of Spring Boot \
							(without the starter, client certificates demanded likewise), or, in the first way, HTTP. %d starts of each in every \
							way, one at a time, in turn. Kubelet and SPIRE Server are simulated in the process that measures; \
							the server answers at once, and reloads no cache of entries. Time counts from before the process is \
							made until `SpringApplication.run` returns, which is when the ready event has been delivered. What \
							is added is the median of the differences within each round, beside an interval that holds the true \
							median 19 times in 20, and the quartiles; the other figures are medians.\
							"""
						.formatted(rounds))
			.table(WebTables.times(web))
			.paragraph("""
					Processor time is that of all threads until then, the JIT compiler's included, and not that of the \
					server. Resident memory is `VmRSS` once the application is ready, its peak is `VmHWM`. JVM options \
					are the defaults. The AOT cache comes from a training run as `docs/aot.md` has it, which attests \
					nothing, so that it lacks classes of the client and of TLS; that of a whole run comes from one \
					that was ended once the application was ready.\
					""")
			.table(WebTables.costs(web))
			.table(WebTables.memory(web));
		if (Jdk.withAotCache().isEmpty()) {
			report.paragraph("No JDK 25 was found, so that the AOT cache was left out.");
		}
		report.paragraph("""
				When an application that serves its SVID comes how far, by the lines of its log, in the starts above. \
				The main thread waits from the first of these moments to the third.\
				""").table(WebTables.moments(web)).paragraph("""
				What the main thread does meanwhile, from %d more rounds in the first way with a \
				`BufferingApplicationStartup`. What is added need not sum up, since medians do not.\
				""".formatted(parts.rounds().size())).table(WebTables.parts(parts));
		report
			.paragraph("Classes that are loaded when the application is ready, and what is in use on its heap "
					+ "after a collection, in %d more starts of each in the first way:"
						.formatted(looks.get(0).heaps().size()))
			.table(looks(looks));
		report.paragraph("""
				Where the server reloads its cache of entries every five seconds, as a real one does, it gives a pod \
				that attests for the first time no SVID before the next reload. Time until ready in the first way, \
				in %d pods that the server had never seen: %s (%s).\
				""".formatted(newPods.size(), Units.time(ready(newPods).median()),
				range(ready(newPods).min(), ready(newPods).max())));
		return report.paragraph("""
				The same calls alone: `GetBundle`, `AttestAgent`, `GetAuthorizedEntries`, `BatchNewX509SVID`, keys and \
				signing requests included, by a client that has a JVM to itself, from before the process is made \
				until the SVID is verified. `grpc-netty` is used as it comes, with one channel without and one with \
				a client certificate; ours attests on a connection of its own. All but the transport is the same \
				code. %d rounds, in turn. The AOT cache comes from a training run that makes the calls.\
				""".formatted(rounds))
			.table(clients(clients))
			.table(clientCosts(clients))
			.paragraph("Jars that come to the class path of the minimal web application, which has %d jars and %s:"
				.formatted(SizeTable.application().count(), SizeTable.megabytes(SizeTable.application())))
			.table(SizeTable.of());
	}

	private static Table looks(List<Look> looks) {
		Table table = new Table("", WebContest.PEM, WebContest.SPIRE, "added");
		for (Origin origin : Origin.values()) {
			double files = looks.get(0).classes(origin);
			double svid = looks.get(1).classes(origin);
			table.row("classes of " + origin, count(files), count(svid), count(svid - files));
		}
		double files = looks.get(0).heap();
		double svid = looks.get(1).heap();
		return table.row("heap", Units.size(files), Units.size(svid), Units.size(svid - files));
	}

	private static Sample ready(List<Figures> figures) {
		return Sample.of(figures.stream().map(Figures::ready).toList());
	}

	private static Table clients(List<Result> clients) {
		Table table = new Table("JVM start to SVID", "`%s`".formatted(BareClients.OURS), "95 % interval",
				BareClients.GRPC_NETTY, "95 % interval", "saved", "95 % interval");
		for (Result result : clients) {
			Sample ours = result.of(BareClients.OURS, Figures::ready);
			Sample theirs = result.of(BareClients.GRPC_NETTY, Figures::ready);
			Sample saved = result.added(BareClients.GRPC_NETTY, BareClients.OURS, Figures::ready);
			table.row(result.way(), "**%s**".formatted(Units.time(ours.median())), interval(ours),
					Units.time(theirs.median()), interval(theirs), Units.time(saved.median()), interval(saved));
		}
		return table;
	}

	private static Table clientCosts(List<Result> clients) {
		Table table = new Table("`%s` / %s".formatted(BareClients.OURS, BareClients.GRPC_NETTY), "processor time",
				"classes", "resident memory", "its peak");
		for (Result result : clients) {
			table.row(result.way(), both(result, Figures::cpu, Units::time),
					both(result, Figures::classes, StartReport::count), both(result, Figures::resident, Units::size),
					both(result, Figures::peak, Units::size));
		}
		return table;
	}

	private static String both(Result result, ToLongFunction<Figures> figure, Format format) {
		return "%s / %s".formatted(format.apply(result.of(BareClients.OURS, figure).median()),
				format.apply(result.of(BareClients.GRPC_NETTY, figure).median()));
	}

	static String interval(Sample sample) {
		Sample interval = sample.medianInterval();
		return range(interval.min(), interval.max());
	}

	static String range(double from, double to) {
		return "%s to %s".formatted(Units.time(from), Units.time(to));
	}

	static String count(double count) {
		return String.format(Locale.ROOT, "%,.0f", count);
	}

	@FunctionalInterface
	interface Format {

		String apply(double figure);

	}

}
