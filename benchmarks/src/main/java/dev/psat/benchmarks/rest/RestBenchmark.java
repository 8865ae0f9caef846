package dev.psat.benchmarks.rest;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;
import dev.psat.test.SimulatedKubelet;

/**
 * Measures idle applications with and without the starter, side by side in the same
 * minutes.
 */
public final class RestBenchmark implements Benchmark {

	private static final int MANY = 200;

	/** Pairs of applications with one context. */
	private static final int SINGLES = 3;

	@Override
	public Report run(List<String> arguments) throws Exception {
		Duration idle = Duration.parse("PT" + (arguments.isEmpty() ? "10m" : arguments.get(0)));
		List<IdleApplication> applications = new CopyOnWriteArrayList<>();
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().lifetime(idle.plusHours(2)).build()) {
			Runtime.getRuntime().addShutdownHook(new Thread(() -> {
				applications.forEach(IdleApplication::close);
				kubelet.close();
			}));
			Path token = kubelet.tokenPath();
			// one after the other, so that the single ones find an inotify instance
			for (int single = 0; single < SINGLES; single++) {
				start(1, token, applications);
			}
			start(MANY, token, applications);
			for (IdleApplication application : applications) {
				application.rest(idle);
			}
			List<Rest> rests = new ArrayList<>();
			for (int with = 0; with < applications.size(); with += 2) {
				rests.add(new Rest(applications.get(with).measurement(), applications.get(with + 1).measurement()));
			}
			return new RestReport(idle, rests.subList(0, SINGLES), rests.get(SINGLES), MANY).report();
		}
		finally {
			applications.forEach(IdleApplication::close);
		}
	}

	private static void start(int contexts, Path token, List<IdleApplication> applications) throws IOException {
		applications.add(IdleApplication.start(contexts, token));
		applications.add(IdleApplication.start(contexts, null));
	}

}
