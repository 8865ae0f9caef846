package dev.psat.benchmarks.spire.start;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Turns;
import dev.psat.benchmarks.WorkDirectory;
import dev.psat.benchmarks.jvm.Launch;
import dev.psat.benchmarks.jvm.LoadedClasses;
import dev.psat.benchmarks.jvm.Program;
import dev.psat.benchmarks.jvm.Start;
import dev.psat.benchmarks.jvm.Way;
import dev.psat.benchmarks.jvm.WebProcess;

/**
 * What it adds to the start of an application that it serves an SVID, beside the same
 * calls by a client that has a JVM to itself.
 */
public final class StartBenchmark implements Benchmark {

	/** So that all of it takes less than fourteen minutes. */
	private static final int ROUNDS = 17;

	/** For one new pod. */
	private static final int ROUNDS_EACH_POD = 2;

	/** Live objects differ little from one start to the next. */
	private static final int HEAPS = 2;

	@Override
	public Report run(List<String> arguments) throws Exception {
		int rounds = arguments.isEmpty() ? ROUNDS : Integer.parseInt(arguments.get(0));
		try (WorkDirectory work = WorkDirectory.create(); World world = World.create(work.path(), Duration.ZERO)) {
			world.warmUp();
			return StartReport.of(measure(work.path(), world, rounds));
		}
	}

	private static Findings measure(Path directory, World world, int rounds) throws Exception {
		Map<String, Program> applications = WebContest.programs(directory, world);
		List<Turns<String, Launch>> web = new ArrayList<>();
		for (Way way : WebContest.ways()) {
			web.add(way.turns(applications));
		}
		List<Turns<String, Launch>> clients = new ArrayList<>();
		for (Way way : Way.withoutSpring()) {
			clients.add(way.turns(BareClient.program(directory, world.clientArguments())));
		}
		// first, so that the starts that count do not wait for the disk
		List<Measured<String, LoadedClasses>> webClasses = Turns.measure(web, 1, Launch::classes);
		List<Measured<String, LoadedClasses>> clientClasses = Turns.measure(clients, 1, Launch::classes);
		List<Measured<String, Start>> webStarts = Turns.measure(web, rounds, Launch::start);
		List<Measured<String, Start>> clientStarts = Turns.measure(clients, rounds, Launch::start);
		applications.remove(WebContest.HTTP);
		Measured<String, Long> heaps = Way.all().get(0).turns(applications).measure(HEAPS, StartBenchmark::heap);
		NewPods newPods = NewPods.start(directory, atLeastOne(rounds / ROUNDS_EACH_POD));
		return new Findings(webStarts, webClasses, heaps, newPods, clientStarts, clientClasses);
	}

	private static long heap(Launch launch) throws Exception {
		try (WebProcess process = launch.process()) {
			return LiveHeap.of(launch.jdk(), process.pid());
		}
	}

	private static int atLeastOne(int number) {
		return Math.max(1, number);
	}

}
