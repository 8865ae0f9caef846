package dev.psat.benchmarks.spire.start;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.benchmarks.jvm.Jdk;
import dev.psat.benchmarks.jvm.LoadedClasses;
import dev.psat.benchmarks.jvm.Start;

/**
 * Writes the report.
 */
final class StartReport {

	private StartReport() {
	}

	static Report of(Findings findings) throws IOException {
		Report report = new Report("Start to first SVID");
		startOfWebApplication(report, findings);
		insideOfIt(report, findings);
		newPods(report, findings.newPods());
		bareClients(report, findings);
		return report
			.paragraph("Jars added to the class path of the minimal web application, which has %d jars and %s:"
				.formatted(SizeTable.application().count(), SizeTable.megabytes(SizeTable.application())))
			.table(SizeTable.of());
	}

	private static void startOfWebApplication(Report report, Findings findings) throws IOException {
		report.paragraph("""
				A web application of one class, with Spring MVC, Tomcat and Actuator, in three variants: it serves \
				HTTPS with its SVID (`server.ssl.bundle` names the bundle of the SPIRE starter, and the start waits \
				for the first SVID), HTTPS with an SVID of the same server from PEM files by a bundle of Spring Boot \
				(without the starter, client certificates demanded likewise), or HTTP (without the starter). %d \
				starts of each in every way, one at a time, in turn. Kubelet and SPIRE Server are simulated in the \
				process that measures; the server has answered %d attestations before, answers at once, and reloads \
				no cache of entries. Time counts from before the process is made until `SpringApplication.run` \
				returns, which is when the ready event has been delivered. What is added is the median of the \
				differences within each round, beside an interval that holds the true median 19 times in 20, and \
				the quartiles; the other figures are medians. Compared with PEM files, only the starter is added; \
				compared with HTTP, TLS is added too.\
				""".formatted(findings.web().get(0).rounds(), World.WARM_UP))
			.table(WebTables.times(findings.web()))
			.paragraph(
					"""
							Processor time is what the kernel counts for all threads until then, the JIT compiler's included, in \
							steps of 10 ms, and not that of the server. Resident memory is `VmRSS` once the application is ready, \
							its peak is `VmHWM`. Classes are those that one more start of each has logged (`-Xlog:class+load`), on \
							one processor. JVM options are the defaults. The AOT cache comes from a training run as `docs/aot.md` \
							has it, which attests nothing, so that it lacks classes of the client and of TLS; that of a whole run \
							comes from one that was ended once the application was ready.\
							""")
			.table(WebTables.costs(findings.web(), findings.webClasses()))
			.table(WebTables.memory(findings.web()));
		if (Jdk.withAotCache().isEmpty()) {
			report.paragraph("No JDK 25 was found, so that the AOT cache was left out.");
		}
	}

	private static void insideOfIt(Report report, Findings findings) {
		report.paragraph("""
				How far the application that serves its SVID has got, by its log, in the starts above. \
				The main thread waits from the first of these moments to the third.\
				""")
			.table(WebTables.moments(findings.web()))
			.paragraph("""
					Whose classes are loaded when the application is ready, and what is in use on its heap after a \
					collection (%d more starts of each), started as in the first row:\
					""".formatted(findings.heaps().rounds()))
			.table(WebTables.contents(findings.webClasses().get(0), findings.heaps()));
	}

	private static void newPods(Report report, NewPods pods) {
		report.paragraph("""
				Where the server reloads its cache of entries every five seconds, as a real one does, it gives a pod \
				that attests for the first time no SVID before the next reload. %d pods that the server had never \
				seen, one after the other, started as in the first row, each after a random delay (seed %d):\
				""".formatted(pods.count(), NewPods.SEED))
			.table(new Table("time in a new pod", "median", "95 % interval", "least and most")
				.row("from the attestation to the SVID", time(pods.waits()), interval(pods.waits()),
						extremes(pods.waits()))
				.row("until ready", time(pods.ready()), interval(pods.ready()), extremes(pods.ready())));
	}

	private static void bareClients(Report report, Findings findings) {
		report
			.paragraph(
					"""
							The same calls alone: `GetBundle`, `AttestAgent`, `GetAuthorizedEntries`, `BatchNewX509SVID`, keys and \
							signing requests included, by a client that has a JVM to itself, from before the process is made \
							until the SVID is verified. It attests on a connection of its own. %d rounds. The AOT cache comes from a \
							training run that makes the calls. Processor time, memory and classes are counted as above, at the \
							moment of the SVID.\
							"""
						.formatted(findings.clients().get(0).rounds()))
			.table(clients(findings.clients(), findings.clientClasses()));
	}

	private static Table clients(List<Measured<String, Start>> clients, List<Measured<String, LoadedClasses>> classes) {
		Table table = new Table("`%s`".formatted(BareClient.NAME), "JVM start to SVID", "95 % interval",
				"processor time", "classes", "resident memory", "its peak");
		for (int way = 0; way < clients.size(); way++) {
			Measured<String, Start> result = clients.get(way);
			Sample ready = result.sample(BareClient.NAME, Start::ready);
			table.row(result.name(), "**%s**".formatted(time(ready)), interval(ready),
					Units.time(median(result, Start::processor)), count(median(classes.get(way), LoadedClasses::count)),
					Units.size(median(result, Start::resident)), Units.size(median(result, Start::peak)));
		}
		return table;
	}

	private static <T> double median(Measured<String, T> result, ToDoubleFunction<T> figure) {
		return result.sample(BareClient.NAME, figure).median();
	}

	private static String time(Sample sample) {
		return Units.time(sample.median());
	}

	private static String extremes(Sample sample) {
		return range(sample.min(), sample.max());
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
