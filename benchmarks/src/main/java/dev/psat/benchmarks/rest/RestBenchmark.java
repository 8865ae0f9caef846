package dev.psat.benchmarks.rest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.WorkDirectory;
import dev.psat.test.SimulatedKubelet;

/**
 * Measures idle applications with and without the starter, side by side in the same
 * minutes.
 */
public final class RestBenchmark implements Benchmark {

	static final String WITH = "with";

	static final String WITHOUT = "without";

	static final int MANY = 200;

	/** Pairs of applications with one context. */
	private static final int SINGLES = 3;

	@Override
	public Report run(List<String> arguments) throws Exception {
		Duration idle = Duration.parse("PT" + (arguments.isEmpty() ? "10m" : arguments.get(0)));
		try (WorkDirectory work = WorkDirectory.create();
				SimulatedKubelet kubelet = SimulatedKubelet.builder()
					.directory(work.path().resolve("tokens"))
					.lifetime(idle.plusHours(2))
					.build()) {
			List<IdleApplication> applications = new ArrayList<>();
			// one after the other, so that the single ones find an inotify instance
			for (int single = 0; single < SINGLES; single++) {
				start(1, kubelet.tokenPath(), applications, work);
			}
			start(MANY, kubelet.tokenPath(), applications, work);
			for (IdleApplication application : applications) {
				application.rest(idle);
			}
			Measured<String, long[]> singles = new Measured<>("1 context", List.of(WITH, WITHOUT));
			Measured<String, long[]> many = new Measured<>(MANY + " contexts", List.of(WITH, WITHOUT));
			for (int with = 0; with < applications.size(); with += 2) {
				Measured<String, long[]> measured = (with / 2 < SINGLES) ? singles : many;
				measured.add(WITH, applications.get(with).figures());
				measured.add(WITHOUT, applications.get(with + 1).figures());
			}
			return new RestReport(idle, singles, many).report();
		}
	}

	private static void start(int contexts, Path token, List<IdleApplication> applications, WorkDirectory work)
			throws Exception {
		applications.add(work.closing(IdleApplication.start(contexts, token)));
		applications.add(work.closing(IdleApplication.start(contexts, null)));
	}

}
