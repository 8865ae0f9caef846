package dev.psat.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

import dev.psat.benchmarks.notice.NoticeBenchmark;
import dev.psat.benchmarks.payload.PayloadBenchmark;
import dev.psat.benchmarks.rest.RestBenchmark;
import dev.psat.benchmarks.staleness.StalenessBenchmark;
import dev.psat.benchmarks.startup.StartupBenchmark;

/**
 * Runs one benchmark and writes its result.
 */
public final class Benchmarks {

	private static final Path RESULTS = Path.of("benchmarks", "results");

	private static final Map<String, Benchmark> ALL = new TreeMap<>(Map.of("payload", new PayloadBenchmark(), "notice",
			new NoticeBenchmark(), "staleness", new StalenessBenchmark(), "rest", new RestBenchmark(), "startup",
			new StartupBenchmark(), "soak", new SoakBenchmark()));

	private Benchmarks() {
	}

	/**
	 * Run a benchmark.
	 * @param args its name and its arguments
	 */
	public static void main(String[] args) {
		run(ALL, args);
	}

	/**
	 * Run one of the given benchmarks and exit: with 1 if what it should prove does not
	 * hold, with 2 if there is no benchmark of that name, with 3 if it cannot be run.
	 * @param all the benchmarks by name
	 * @param args the name of one and its arguments
	 */
	public static void run(Map<String, Benchmark> all, String... args) {
		Benchmark benchmark = (args.length > 0) ? all.get(args[0]) : null;
		if (benchmark == null) {
			System.err.println("Usage: benchmarks/run <table> [argument...], where <table> is one of " + all.keySet());
			System.exit(2);
			return;
		}
		try {
			Report report = benchmark.run(Arrays.asList(args).subList(1, args.length));
			String heading = "Made by `benchmarks/run %s` on %s: %s.".formatted(String.join(" ", args), LocalDate.now(),
					Machine.description());
			write(args[0], report.markdown(heading));
			System.exit(report.isFailed() ? 1 : 0);
		}
		catch (Throwable ex) {
			// other threads would keep the JVM alive
			ex.printStackTrace();
			System.exit(3);
		}
	}

	private static void write(String name, String markdown) throws IOException {
		Files.createDirectories(RESULTS);
		Files.writeString(RESULTS.resolve(name + ".md"), markdown);
		System.out.println(markdown);
	}

}
