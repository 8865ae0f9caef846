package dev.psat.benchmarks.startup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Turns;
import dev.psat.benchmarks.WorkDirectory;
import dev.psat.benchmarks.jvm.Launch;
import dev.psat.benchmarks.jvm.LoadedClasses;
import dev.psat.benchmarks.jvm.OneProcessor.Usage;
import dev.psat.benchmarks.jvm.Program;
import dev.psat.benchmarks.jvm.Way;
import dev.psat.test.SimulatedKubelet;

/**
 * What the starter adds to the time until a minimal web application is ready.
 */
public final class StartupBenchmark implements Benchmark {

	static final String WITHOUT = "without";

	static final String WITH = "with";

	/** So that all of it takes less than twelve minutes. */
	private static final int STARTS = 17;

	/** Classes differ little from one start to the next. */
	private static final int CLASS_LOGS = 2;

	@Override
	public Report run(List<String> arguments) throws Exception {
		int starts = arguments.isEmpty() ? STARTS : Integer.parseInt(arguments.get(0));
		try (WorkDirectory work = WorkDirectory.create();
				SimulatedKubelet kubelet = SimulatedKubelet.builder()
					.directory(work.path().resolve("tokens"))
					.lifetime(Duration.ofHours(2))
					.build()) {
			Map<String, Program> programs = programs(work.path(), kubelet.tokenPath());
			List<Turns<String, Launch>> fields = new ArrayList<>();
			for (Way way : Way.all()) {
				fields.add(way.turns(programs));
			}
			// the first start of each does not count, since files come from the disk
			Turns.measure(fields, 1, Launch::usage);
			List<Measured<String, Usage>> usage = Turns.measure(fields, starts, Launch::usage);
			List<Measured<String, LoadedClasses>> classes = Turns.measure(fields, CLASS_LOGS, Launch::classes);
			return StartupReport.of(usage, classes);
		}
	}

	private static Map<String, Program> programs(Path directory, Path token) throws Exception {
		Map<String, Program> programs = new LinkedHashMap<>();
		for (String variant : List.of(WITHOUT, WITH)) {
			programs.put(variant,
					Program.webApplication(directory, variant.equals(WITH) ? "web-application-with-psat" : "",
							psat(token), psat(directory.resolve("missing"))));
		}
		return programs;
	}

	private static List<String> psat(Path token) {
		return List.of("--spire.psat.cluster=demo-cluster", "--spire.psat.token-path=" + token);
	}

}
