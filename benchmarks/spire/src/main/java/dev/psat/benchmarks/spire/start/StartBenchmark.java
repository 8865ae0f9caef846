package dev.psat.benchmarks.spire.start;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.WorkDirectory;
import dev.psat.benchmarks.startup.LoadedClasses;

/**
 * What it adds to the start of an application that it serves an SVID, beside the same
 * calls by a client that has a JVM to itself.
 */
public final class StartBenchmark implements Benchmark {

	/** So that all of it takes less than fourteen minutes. */
	private static final int ROUNDS = 17;

	/** For one round of what only explains the others. */
	private static final int ROUNDS_EACH = 4;

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
		List<Heat> web = WebContest.create(directory, world).heats();
		List<Heat> clients = new BareClient(directory, world.clientArguments()).heats();
		// first, so that the starts that count do not wait for the disk
		List<Result<LoadedClasses>> webClasses = Race.run(web, 1, Racer::classes);
		List<Result<LoadedClasses>> clientClasses = Race.run(clients, 1, Racer::classes);
		List<Result<Figures>> webStarts = Race.run(web, rounds, Racer::start);
		List<Result<Figures>> clientStarts = Race.run(clients, rounds, Racer::start);
		List<Heat> plain = List.of(web.get(0).without(WebContest.HTTP));
		// the steps that Spring records cost something themselves
		Result<Figures> parts = Race
			.run(plain, atLeastOne(rounds / ROUNDS_EACH), (racer) -> racer.with("-Dsteps=true").start())
			.get(0);
		Result<Long> heaps = Race.run(plain, HEAPS, Racer::heap).get(0);
		NewPods newPods = NewPods.start(directory, atLeastOne(rounds / ROUNDS_EACH_POD));
		return new Findings(webStarts, webClasses, parts, heaps, newPods, clientStarts, clientClasses);
	}

	private static int atLeastOne(int number) {
		return Math.max(1, number);
	}

}
