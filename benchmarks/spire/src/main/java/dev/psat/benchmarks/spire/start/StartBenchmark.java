package dev.psat.benchmarks.spire.start;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.startup.Jdk;
import dev.psat.benchmarks.startup.Launch;
import dev.psat.benchmarks.startup.LoadedClasses;
import dev.psat.benchmarks.startup.WorkDirectory;

/**
 * What it adds to the start of an application that it serves an SVID, beside the same
 * calls by clients that have a JVM to themselves.
 */
public final class StartBenchmark implements Benchmark {

	/** So that all of it takes less than twelve minutes. */
	private static final int ROUNDS = 16;

	/** For one round of what only explains the others. */
	private static final int ROUNDS_EACH = 4;

	/** Classes and live objects differ little from one start to the next. */
	private static final int LOOKS = 2;

	/** As a real server has it. */
	private static final Duration RELOAD = Duration.ofSeconds(5);

	@Override
	public Report run(List<String> arguments) throws Exception {
		int rounds = arguments.isEmpty() ? ROUNDS : Integer.parseInt(arguments.get(0));
		try (WorkDirectory work = WorkDirectory.create(); World world = World.create(work.path(), Duration.ZERO)) {
			WebContest contest = WebContest.create(work.path(), world);
			List<Result> web = Race.run(contest.heats(), rounds);
			List<Result> clients = Race.run(new BareClients(work.path(), world).heats(), rounds);
			int few = Math.max(1, rounds / ROUNDS_EACH);
			return StartReport.of(rounds, web, parts(contest, few), looks(contest), clients, newPods(work.path(), few));
		}
	}

	/**
	 * Once more, with the steps that Spring records, which cost something themselves.
	 */
	private static Result parts(WebContest contest, int rounds) throws Exception {
		List<Racer> racers = new ArrayList<>();
		for (Contestant contestant : contest.overTls()) {
			racers.add(contestant.racer(Jdk.current(), (applications, launch) -> launch.with("-Dsteps=true")));
		}
		return Race.run(List.of(new Heat("plain", racers)), rounds).get(0);
	}

	private static List<Look> looks(WebContest contest) throws Exception {
		List<Look> looks = new ArrayList<>();
		for (Contestant contestant : contest.overTls()) {
			Launch launch = contestant.launch(Jdk.current());
			List<LoadedClasses> classes = new ArrayList<>();
			List<Long> heaps = new ArrayList<>();
			for (int look = 0; look < LOOKS; look++) {
				classes.add(contestant.applications().loadedClasses(launch));
				heaps.add(contestant.heap(launch));
			}
			looks.add(new Look(contestant.name(), classes, heaps));
		}
		return looks;
	}

	/**
	 * Start in pods that the server has never seen, while it reloads its cache as a real
	 * one does.
	 */
	private static List<Figures> newPods(Path directory, int pods) throws Exception {
		List<Figures> figures = new ArrayList<>();
		try (World world = World.create(directory, RELOAD)) {
			for (int pod = 0; pod < pods; pod++) {
				Contestant contestant = WebContest.spire(directory, world, world.newPod());
				figures.add(contestant.start(contestant.launch(Jdk.current())));
			}
		}
		return figures;
	}

}
