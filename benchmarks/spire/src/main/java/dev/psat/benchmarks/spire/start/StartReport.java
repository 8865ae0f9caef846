package dev.psat.benchmarks.spire.start;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.benchmarks.jvm.Jars;
import dev.psat.benchmarks.jvm.Jdk;
import dev.psat.benchmarks.jvm.LoadedClasses;
import dev.psat.benchmarks.jvm.Start;

/**
 * Writes the report.
 */
final class StartReport {

	private static final String WAITS = "for the first X.509-SVID";

	private static final String ATTESTED = "Attested to ";

	private static final String OBTAINED = " obtained from ";

	private StartReport() {
	}

	static Report of(List<Measured<String, Start>> web, List<Measured<String, LoadedClasses>> webClasses,
			List<Start> newPods, List<Measured<String, Start>> clients,
			List<Measured<String, LoadedClasses>> clientClasses) throws IOException {
		Report report = new Report("Start to first SVID").paragraph("""
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
				""".formatted(web.get(0).rounds(), StartBenchmark.WARM_UP)).table(times(web)).paragraph("""
				Processor time is what the kernel counts for all threads until then, the JIT compiler's included, in \
				steps of 10 ms, and not that of the server. Resident memory is `VmRSS` once the application is ready. \
				Classes are those that one more start of each has logged (`-Xlog:class+load`), on one processor. JVM \
				options are the defaults. The AOT cache comes from a training run as `docs/aot.md` has it, which \
				attests nothing, so that it lacks classes of the client and of TLS; that of a whole run comes from \
				one that was ended once the application was ready.\
				""").table(costs(web, webClasses));
		if (Jdk.withAotCache().isEmpty()) {
			report.paragraph("No JDK 25 was found, so that the AOT cache was left out.");
		}
		Sample waits = Sample.of(newPods.stream().map((pod) -> pod.at(OBTAINED) - pod.at(ATTESTED)).toList());
		Sample ready = Sample.of(newPods.stream().map(Start::ready).toList());
		return report.paragraph("""
				How far the application that serves its SVID has got, by its log, in the starts above. The main \
				thread waits from the first of these moments to the third.\
				""")
			.table(moments(web))
			.paragraph(
					"""
							Where the server reloads its cache of entries every five seconds, as a real one does, it gives a pod \
							that attests for the first time no SVID before the next reload. %d pods that the server had never \
							seen, one after the other, started as in the first row, each after a random delay (seed %d):\
							"""
						.formatted(newPods.size(), StartBenchmark.SEED))
			.table(new Table("time in a new pod", "median", "95 % interval", "least and most")
				.row("from the attestation to the SVID", Units.time(waits.median()), interval(waits),
						Units.words(waits, Units::time))
				.row("until ready", Units.time(ready.median()), interval(ready), Units.words(ready, Units::time)))
			.paragraph("""
					The same calls alone: `GetBundle`, `AttestAgent`, `GetAuthorizedEntries`, `BatchNewX509SVID`, keys \
					and signing requests included, by a client that has a JVM to itself, from before the process is \
					made until the SVID is verified. It attests on a connection of its own. %d rounds. The AOT cache \
					comes from a training run that makes the calls. Processor time, memory and classes are counted as \
					above, at the moment of the SVID.\
					""".formatted(clients.get(0).rounds()))
			.table(clients(clients, clientClasses))
			.paragraph("Jars added to the class path of the minimal web application, which has %d jars and %s:"
				.formatted(Jars.of("web-application").count(), megabytes(Jars.of("web-application"))))
			.table(jars());
	}

	private static Table times(List<Measured<String, Start>> starts) {
		Table table = new Table("time until ready", StartBenchmark.HTTP, StartBenchmark.PEM, StartBenchmark.SVID,
				"added to HTTP", "95 % interval", "added to PEM files", "95 % interval", "quartiles");
		for (Measured<String, Start> way : starts) {
			Sample toHttp = way.differences(StartBenchmark.SVID, StartBenchmark.HTTP, Start::ready);
			Sample toFiles = way.differences(StartBenchmark.SVID, StartBenchmark.PEM, Start::ready);
			table.row(way.name(), time(way, StartBenchmark.HTTP), time(way, StartBenchmark.PEM),
					time(way, StartBenchmark.SVID), Units.time(toHttp.median()), interval(toHttp),
					"**%s**".formatted(Units.time(toFiles.median())), interval(toFiles),
					Units.words(toFiles.middleHalf(), Units::time));
		}
		return table;
	}

	private static String time(Measured<String, Start> way, String program) {
		return median(way, program, Start::ready, Units::time);
	}

	private static Table costs(List<Measured<String, Start>> starts, List<Measured<String, LoadedClasses>> classes) {
		Table table = new Table("", "processor time, PEM files", "SVID", "added", "95 % interval",
				"classes loaded, PEM files", "SVID", "resident memory, PEM files", "SVID", "added", "95 % interval");
		for (int i = 0; i < starts.size(); i++) {
			Measured<String, Start> way = starts.get(i);
			Sample processor = way.differences(StartBenchmark.SVID, StartBenchmark.PEM, Start::processor);
			Sample memory = way.differences(StartBenchmark.SVID, StartBenchmark.PEM, Start::resident);
			table.row(way.name(), median(way, StartBenchmark.PEM, Start::processor, Units::time),
					median(way, StartBenchmark.SVID, Start::processor, Units::time), Units.time(processor.median()),
					interval(processor), count(classes.get(i), StartBenchmark.PEM),
					count(classes.get(i), StartBenchmark.SVID),
					median(way, StartBenchmark.PEM, Start::resident, Units::size),
					median(way, StartBenchmark.SVID, Start::resident, Units::size), Units.size(memory.median()),
					Units.interval(memory, Units::size));
		}
		return table;
	}

	private static String count(Measured<String, LoadedClasses> way, String program) {
		return median(way, program, LoadedClasses::count, Units::count);
	}

	private static <T> String median(Measured<String, T> way, String program, ToDoubleFunction<T> figure,
			DoubleFunction<String> format) {
		return format.apply(way.sample(program, figure).median());
	}

	private static Table moments(List<Measured<String, Start>> starts) {
		Table table = new Table("", "waits from", "attests within", "then has its SVID within", "then is ready within",
				"ready at");
		starts.forEach((way) -> table.row(way.name(), serving(way, (start) -> start.at(WAITS)),
				serving(way, (start) -> start.at(ATTESTED) - start.at(WAITS)),
				serving(way, (start) -> start.at(OBTAINED) - start.at(ATTESTED)),
				serving(way, (start) -> start.ready() - start.at(OBTAINED)), serving(way, Start::ready)));
		return table;
	}

	private static String serving(Measured<String, Start> way, ToDoubleFunction<Start> figure) {
		return median(way, StartBenchmark.SVID, figure, Units::time);
	}

	private static Table clients(List<Measured<String, Start>> clients, List<Measured<String, LoadedClasses>> classes) {
		String client = StartBenchmark.CLIENT;
		Table table = new Table("`%s`".formatted(client), "JVM start to SVID", "95 % interval", "processor time",
				"classes", "resident memory");
		for (int i = 0; i < clients.size(); i++) {
			Measured<String, Start> way = clients.get(i);
			table.row(way.name(), "**%s**".formatted(time(way, client)), interval(way.sample(client, Start::ready)),
					median(way, client, Start::processor, Units::time), count(classes.get(i), client),
					median(way, client, Start::resident, Units::size));
		}
		return table;
	}

	private static String interval(Sample times) {
		return Units.interval(times, Units::time);
	}

	private static Table jars() throws IOException {
		Table table = new Table("", "jars", "of third parties", "MB", "of third parties, MB");
		jars(table, "the SPIRE starter", "web-application-with-spire");
		jars(table, "java-spiffe 0.8.17, which needs an agent", "web-application-with-java-spiffe");
		return table;
	}

	private static void jars(Table table, String name, String module) throws IOException {
		Jars added = Jars.of(module).without(Jars.ofApplication());
		table.row(name, added.count(), added.ofThirdParties().count(), megabytes(added),
				megabytes(added.ofThirdParties()));
	}

	private static String megabytes(Jars jars) {
		return String.format(Locale.ROOT, "%.1f MB", jars.bytes() / 1e6);
	}

}
