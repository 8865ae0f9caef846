package dev.psat.benchmarks.startup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.WorkDirectory;
import dev.psat.benchmarks.startup.OneProcessor.Usage;
import dev.psat.benchmarks.startup.Variants.Maker;
import dev.psat.test.SimulatedKubelet;

/**
 * What the starter adds to the time until a minimal web application is ready, and where
 * that goes.
 */
public final class StartupBenchmark implements Benchmark {

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
			WebApplications applications = WebApplications.ofToken(work.path(), kubelet.tokenPath());
			List<Way> ways = Way.all(applications);
			// the first start of each does not count, since files come from the disk
			inTurns(ways, 1, applications::usage);
			Map<Way, List<Variants<Usage>>> measured = inTurns(ways, starts, applications::usage);
			Map<Way, List<Variants<LoadedClasses>>> classes = inTurns(ways, CLASS_LOGS, applications::loadedClasses);
			Map<Way, List<Variants<Start>>> steps = inTurns(ways.subList(0, 1), (starts + 1) / 2,
					(launch) -> applications.start(launch.with("-Dsteps=true")));
			return StartupReport.of(measured, classes, steps.values().iterator().next());
		}
	}

	/**
	 * The ways take turns too, so that whatever else the machine does meets all of them.
	 */
	private static <R> Map<Way, List<Variants<R>>> inTurns(List<Way> ways, int turns, Maker<Launch, R> maker)
			throws Exception {
		Map<Way, List<Variants<R>>> made = new LinkedHashMap<>();
		for (Way way : ways) {
			made.put(way, new ArrayList<>());
		}
		for (int turn = 0; turn < turns; turn++) {
			for (Map.Entry<Way, List<Variants<R>>> way : made.entrySet()) {
				way.getValue().add(way.getKey().launches().inTurn(turn, maker));
			}
		}
		return made;
	}

}
