package dev.psat.benchmarks.startup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.startup.Variants.Maker;
import dev.psat.test.SimulatedKubelet;

/**
 * What the starter adds to the time until a minimal web application is ready, and where
 * that goes.
 */
public final class StartupBenchmark implements Benchmark {

	/** Classes differ little from one start to the next. */
	private static final int CLASS_LOGS = 3;

	@Override
	public Report run(List<String> arguments) throws Exception {
		int starts = arguments.isEmpty() ? 20 : Integer.parseInt(arguments.get(0));
		try (WorkDirectory work = WorkDirectory.create();
				SimulatedKubelet kubelet = SimulatedKubelet.builder()
					.directory(work.path().resolve("tokens"))
					.lifetime(Duration.ofHours(2))
					.build()) {
			WebApplications applications = WebApplications.ofToken(work.path(), kubelet.tokenPath());
			List<Way> ways = Way.all(applications);
			Variants<Launch> plain = ways.get(0).launches();
			return StartupReport.of(starts, measure(ways, starts, applications),
					inTurns(starts, plain, (launch) -> applications.start(launch.with("-Dsteps=true"))),
					inTurns(CLASS_LOGS, plain, applications::loadedClasses));
		}
	}

	/**
	 * The ways take turns too, so that all see the same weather. The first start of each
	 * does not count, since files come from the disk.
	 */
	private static Map<Way, List<Variants<Start>>> measure(List<Way> ways, int starts, WebApplications applications)
			throws Exception {
		Map<Way, List<Variants<Start>>> measured = new LinkedHashMap<>();
		for (Way way : ways) {
			way.launches().inTurn(0, applications::start);
			measured.put(way, new ArrayList<>());
		}
		for (int turn = 0; turn < starts; turn++) {
			for (Way way : ways) {
				Objects.requireNonNull(measured.get(way)).add(way.launches().inTurn(turn, applications::start));
			}
		}
		return measured;
	}

	private static <R> List<Variants<R>> inTurns(int turns, Variants<Launch> launches, Maker<Launch, R> maker)
			throws Exception {
		List<Variants<R>> made = new ArrayList<>();
		for (int turn = 0; turn < turns; turn++) {
			made.add(launches.inTurn(turn, maker));
		}
		return made;
	}

}
