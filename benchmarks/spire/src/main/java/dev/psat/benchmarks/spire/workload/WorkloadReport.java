package dev.psat.benchmarks.spire.workload;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.benchmarks.jvm.Jars;
import dev.psat.benchmarks.jvm.Start;

/**
 * Writes the report.
 */
final class WorkloadReport {

	private WorkloadReport() {
	}

	static Report of(String agent, List<Measured<String, Start>> starts, List<Measured<String, IdleStream.Cost>> idle,
			RotationNotice notice) throws Exception {
		Report report = new Report("Workload API").paragraph("""
				From before a process is made until it has its first X.509-SVID from %s on the same machine: by \
				`WorkloadClient` alone, by `WorkloadIdentity` without an application around it, and by java-spiffe's \
				`X509Source`, each in a JVM that does nothing else. %d rounds, in which all start one after the other, \
				in turn. Processor time is what the kernel counts for all threads until then, the JIT compiler's \
				included, in steps of 10 ms; resident memory is `VmRSS` at that moment. JVM options are the defaults. \
				The AOT cache comes from a training run that obtains an SVID. Figures are medians; what is divided by \
				java-spiffe's is the median of the ratios within each round, beside an interval that holds the true \
				median 19 times in 20.\
				""".formatted(agent, starts.get(0).rounds())).table(starts(starts)).paragraph("""
				The same processes' cost while they hold their streams, all of them in the same minute, without a \
				rotation. Threads and descriptors are those of the whole process.\
				""").table(idle(idle)).paragraph("""
				Their class paths, without the jar that has the main class. The identity needs Spring and Spring Boot, \
				which an application of Spring Boot has anyway.\
				""").table(jars()).paragraph("""
				From a rotation at the simulated Workload API, in the process that measures, until a client and a \
				server that use the bundle of a `WorkloadIdentity` have shaken hands by mutual TLS, and the server has \
				returned a byte. The handshake begins once an observer of the identity knows of the new SVID. The \
				rotation itself counts, with a new key and its certificate. %d rotations, after others for warm-up, %d \
				of which were followed by a handshake with an older SVID.\
				""".formatted(notice.handshake().size(), notice.stale())).table(notice(notice));
		return (notice.stale() == 0) ? report : report.failed();
	}

	private static Table starts(List<Measured<String, Start>> starts) {
		Table table = new Table("", "JVM start to SVID", "÷ java-spiffe", "95 % interval", "processor time",
				"÷ java-spiffe", "95 % interval", "resident memory", "÷ java-spiffe", "95 % interval");
		for (Measured<String, Start> way : starts) {
			for (String name : way.names()) {
				Sample time = ratio(way, name, Start::ready);
				Sample processor = ratio(way, name, Start::processor);
				Sample memory = ratio(way, name, Start::resident);
				table.row(row(way, name), Units.time(way.sample(name, Start::ready).median()),
						Units.number(time.median()), Units.interval(time, Units::number),
						Units.time(way.sample(name, Start::processor).median()),
						"**%s**".formatted(Units.number(processor.median())), Units.interval(processor, Units::number),
						Units.size(way.sample(name, Start::resident).median()), Units.number(memory.median()),
						Units.interval(memory, Units::number));
			}
		}
		return table;
	}

	private static Sample ratio(Measured<String, Start> way, String name, ToDoubleFunction<Start> figure) {
		return way.ratios(name, WorkloadBenchmark.JAVA_SPIFFE, figure);
	}

	private static Table idle(List<Measured<String, IdleStream.Cost>> idle) {
		Table table = new Table("", "processor time a minute", "threads", "descriptors", "resident memory");
		idle.forEach((way) -> way.names().forEach((name) -> {
			IdleStream.Cost cost = way.of(name).get(0);
			table.row(row(way, name), Units.time(cost.processor()), Units.count(cost.threads()),
					Units.count(cost.descriptors()), Units.size(cost.resident()));
		}));
		return table;
	}

	private static String row(Measured<String, ?> way, String name) {
		return "%s: %s".formatted(way.name(), name);
	}

	private static Table jars() throws Exception {
		Table table = new Table("", "jars", "MB", "of ours", "of ours, MB");
		for (Map.Entry<String, Jars> entry : WorkloadBenchmark.jars().entrySet()) {
			Jars jars = entry.getValue()
				.without(Jars.built("first-svid"))
				.without(Jars.built("first-svid-by-java-spiffe"));
			table.row(entry.getKey(), jars.count(), megabytes(jars), jars.ours().count(), megabytes(jars.ours()));
		}
		return table;
	}

	private static String megabytes(Jars jars) {
		return String.format(Locale.ROOT, "%.1f MB", jars.bytes() / 1e6);
	}

	private static Table notice(RotationNotice notice) {
		Table table = new Table("", "p50", "p99", "max");
		row(table, "the rotation itself", notice.rotation());
		row(table, "until an observer knows", notice.notice());
		row(table, "until the handshake is done", notice.handshake());
		return table;
	}

	private static void row(Table table, String name, Sample times) {
		table.row(name, Units.time(times.median()), Units.time(times.percentile(99)), Units.time(times.max()));
	}

}
