package dev.psat.benchmarks.spire.start;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Turns;
import dev.psat.benchmarks.WorkDirectory;
import dev.psat.benchmarks.jvm.Jars;
import dev.psat.benchmarks.jvm.Jdk;
import dev.psat.benchmarks.jvm.Launch;
import dev.psat.benchmarks.jvm.LoadedClasses;
import dev.psat.benchmarks.jvm.Program;
import dev.psat.benchmarks.jvm.Start;
import dev.psat.benchmarks.jvm.Way;
import dev.psat.benchmarks.spire.FirstVisit;
import dev.psat.benchmarks.spire.Target;
import dev.psat.benchmarks.spire.World;
import dev.psat.spire.client.ServerAddress;

/**
 * What it adds to the start of an application that it serves an SVID, beside the same
 * calls by a client that has a JVM to itself.
 */
public final class StartBenchmark implements Benchmark {

	static final String HTTP = "HTTP";

	static final String PEM = "PEM files";

	static final String SVID = "SVID";

	static final String CLIENT = "psat-spire-client";

	/** As many attestations as it takes to have the server compiled. */
	static final int WARM_UP = 300;

	/** For the delays of new pods. */
	static final int SEED = 4;

	/** So that all of it takes less than fourteen minutes. */
	private static final int ROUNDS = 17;

	/** As a real server reloads its cache of entries. */
	private static final Duration RELOAD = Duration.ofSeconds(5);

	private static final String POD = "orders";

	@Override
	public Report run(List<String> arguments) throws Exception {
		int rounds = arguments.isEmpty() ? ROUNDS : Integer.parseInt(arguments.get(0));
		try (WorkDirectory work = WorkDirectory.create(); World world = new World(work.path(), Duration.ZERO)) {
			Target target = world.target(POD);
			// so that neither interpreter nor compiler of the server count
			for (int i = 0; i < WARM_UP; i++) {
				FirstVisit.to(target).close();
			}
			List<String> pem = arguments(world.pemProperties());
			Map<String, Program> applications = new LinkedHashMap<>();
			applications.put(HTTP, Program.webApplication(work.path(), "", List.of(), List.of()));
			applications.put(PEM, Program.webApplication(work.path(), "", pem, pem));
			applications.put(SVID, application(work.path(), target));
			return report(rounds, work.path(), applications, client(work.path(), target.arguments()));
		}
	}

	/**
	 * Return the application that serves its SVID. Its training run needs neither token
	 * nor server.
	 */
	private static Program application(Path directory, Target target) throws IOException {
		Path missing = directory.resolve("missing");
		return Program.webApplication(directory, "web-application-with-spire", serving(target),
				serving(new Target(ServerAddress.parse("127.0.0.1:1"), target.trustDomain(), missing, target.cluster(),
						missing)));
	}

	private static List<String> serving(Target target) {
		return arguments(Stream
			.concat(target.properties().stream(),
					Stream.of("spire.bundle.authorize-any-client=true", "server.ssl.bundle=spire"))
			.toList());
	}

	private static List<String> arguments(List<String> properties) {
		return properties.stream().map((property) -> "--" + property).toList();
	}

	/**
	 * Return our client alone, whose training run makes all the calls.
	 */
	private static Program client(Path directory, List<String> arguments) throws IOException {
		return new Program(directory, Jars.built("first-svid").and(Jars.of("first-svid").only(CLIENT)),
				"dev.psat.benchmarks.svid.FirstSvid", arguments, arguments);
	}

	private static Report report(int rounds, Path directory, Map<String, Program> applications, Program client)
			throws Exception {
		List<Way> ways = new ArrayList<>(Way.all());
		Jdk.withAotCache()
			.ifPresent((jdk) -> ways.add(Way.of("AOT cache of a whole run", jdk, Launch::aotCacheOfWholeRun)));
		List<Turns<String, Launch>> web = turns(ways, applications);
		List<Turns<String, Launch>> clients = turns(Way.withoutSpring(), Map.of(CLIENT, client));
		// first, so that the starts that count do not wait for the disk
		List<Measured<String, LoadedClasses>> webClasses = Turns.measure(web, 1, Launch::classes);
		List<Measured<String, LoadedClasses>> clientClasses = Turns.measure(clients, 1, Launch::classes);
		List<Measured<String, Start>> webStarts = Turns.measure(web, rounds, Launch::start);
		List<Measured<String, Start>> clientStarts = Turns.measure(clients, rounds, Launch::start);
		return StartReport.of(webStarts, webClasses, newPods(directory, Math.max(1, rounds / 2)), clientStarts,
				clientClasses);
	}

	private static List<Turns<String, Launch>> turns(List<Way> ways, Map<String, Program> programs) throws Exception {
		List<Turns<String, Launch>> turns = new ArrayList<>();
		for (Way way : ways) {
			turns.add(way.turns(programs));
		}
		return turns;
	}

	/**
	 * Start one pod after the other that the server has never seen. A pod is ready just
	 * after a reload, so that the next would always meet the server at the same moment if
	 * it did not wait at random.
	 */
	private static List<Start> newPods(Path directory, int pods) throws Exception {
		Random random = new Random(SEED);
		List<Start> starts = new ArrayList<>();
		try (World world = new World(directory, RELOAD)) {
			for (int pod = 0; pod < pods; pod++) {
				Thread.sleep(random.nextLong(RELOAD.toMillis()));
				starts.add(application(directory, world.target("orders-" + pod)).on(Jdk.current()).start());
			}
		}
		return starts;
	}

}
