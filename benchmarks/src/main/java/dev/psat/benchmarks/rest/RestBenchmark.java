package dev.psat.benchmarks.rest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Inotify;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Units;
import dev.psat.test.SimulatedKubelet;

/**
 * Measures applications that do nothing, with the starter and without, side by side in
 * the same minutes.
 */
public final class RestBenchmark implements Benchmark {

	private static final int MANY = 200;

	@Override
	public Report run(List<String> arguments) throws Exception {
		Duration idle = Duration.parse("PT" + (arguments.isEmpty() ? "10m" : arguments.get(0)));
		List<IdleApplication> applications = new ArrayList<>();
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().lifetime(idle.plusHours(2)).build()) {
			Path token = kubelet.tokenPath();
			// one after the other, so that the single ones find an inotify instance
			for (int contexts : new int[] { 1, MANY }) {
				applications.add(IdleApplication.start(contexts, token));
				applications.add(IdleApplication.start(contexts, null));
			}
			for (IdleApplication application : applications) {
				application.rest(idle);
			}
			List<Measurement> measurements = new ArrayList<>();
			for (IdleApplication application : applications) {
				measurements.add(application.measurement());
			}
			return report(idle, measurements);
		}
		finally {
			applications.forEach(IdleApplication::close);
		}
	}

	private static Report report(Duration idle, List<Measurement> measurements) {
		Measurement one = measurements.get(0);
		Measurement oneWithout = measurements.get(1);
		Measurement many = measurements.get(2);
		Measurement manyWithout = measurements.get(3);
		long oneHeap = one.heap() - oneWithout.heap();
		long manyHeap = many.heap() - manyWithout.heap();
		return new Report("Cost at rest").paragraph("""
				Over %s without a rotation, beginning ten seconds after the last start. Contexts are auto-configured, \
				have JSON and no web server; as many without the starter ran in the same minutes, and memory and \
				descriptors are the difference to them, memory after a full collection. What the first context \
				retains includes classes and the caches of Spring that are filled for it.\
				""".formatted(idle.toString().substring(2).toLowerCase(Locale.ROOT)))
			.table(new Table("", "1 context", MANY + " contexts", "of these each")
				.row("watching thread (`psat-token-watch`), share of a core", share(one.watchCpu(), idle),
						share(many.watchCpu(), idle), share(many.watchCpu() / MANY, idle))
				.row("JDK's thread behind it, share of a core", share(one.jdkCpu(), idle), share(many.jdkCpu(), idle),
						share(many.jdkCpu() / MANY, idle))
				.row("both, share of a core", share(one.watchCpu() + one.jdkCpu(), idle),
						share(many.watchCpu() + many.jdkCpu(), idle),
						share((many.watchCpu() + many.jdkCpu()) / MANY, idle))
				.row("all threads of the JVM, with the starter", share(one.processCpu(), idle),
						share(many.processCpu(), idle), "")
				.row("all threads of the JVM, without", share(oneWithout.processCpu(), idle),
						share(manyWithout.processCpu(), idle), "")
				.row("threads of ours", one.ourThreads(), many.ourThreads(), each(many.ourThreads()))
				.row("threads of the JDK's watch services", one.jdkThreads(), many.jdkThreads(),
						each(many.jdkThreads()))
				.row("retained heap", Units.size(oneHeap), Units.size(manyHeap), Units.size((double) manyHeap / MANY))
				.row("inotify instances", one.inotify(), many.inotify(), each(many.inotify()))
				.row("descriptors", one.descriptors() - oneWithout.descriptors(),
						many.descriptors() - manyWithout.descriptors(),
						each(many.descriptors() - manyWithout.descriptors()))
				.row("sources that poll alone", one.polling(), many.polling(), each(many.polling())))
			.paragraph("A user has %s inotify instances on this machine, those of other processes included: "
				.formatted(Inotify.limit()) + "a source that gets none polls, and says so in its status.");
	}

	private static String share(long cpu, Duration idle) {
		return Units.number(100.0 * cpu / idle.toNanos()) + " %";
	}

	private static String each(long count) {
		return Units.number((double) count / MANY);
	}

}
