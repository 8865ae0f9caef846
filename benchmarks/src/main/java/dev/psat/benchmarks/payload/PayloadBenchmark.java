package dev.psat.benchmarks.payload;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Medium;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.WorkDirectory;
import dev.psat.test.SigningAlgorithm;
import dev.psat.test.SimulatedKubelet;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures the cost of our payload, and of creating it from the file.
 */
public final class PayloadBenchmark implements Benchmark {

	@Override
	public Report run(List<String> arguments) throws Exception {
		boolean quick = arguments.contains("quick");
		// its lock is a file that is left behind and that another user cannot open
		System.setProperty("jmh.ignoreLock", "true");
		try (WorkDirectory work = WorkDirectory.create();
				SimulatedKubelet kubelet = SimulatedKubelet.builder()
					.directory(work.on(Medium.likeKubelets()).resolve("tokens"))
					.audience(Payloads.AUDIENCE)
					.algorithm(SigningAlgorithm.RS256)
					.lifetime(Duration.ofHours(2))
					.build()) {
			Effort effort = quick ? new Effort(2, 1, 2, 100) : new Effort(5, 5, 5, 300);
			Measured<Row, RunResult> one = new Measured<>("1 thread", Row.ALL);
			Measured<Row, RunResult> two = new Measured<>("2 threads", Row.ALL);
			for (int round = 0; round < effort.rounds(); round++) {
				measure(effort.options(kubelet.tokenPath(), 1), one);
				measure(effort.options(kubelet.tokenPath(), 2), two);
			}
			return PayloadReport.of(effort, one, two, kubelet.token().length());
		}
	}

	private static void measure(Options options, Measured<Row, RunResult> measured) throws Exception {
		for (RunResult result : new Runner(options).run()) {
			measured.add(Row.of(result), result);
		}
	}

	/**
	 * The effort of a measurement.
	 *
	 * @param rounds how often everything is measured, each time in new JVMs
	 * @param warmups the number of iterations of a JVM that do not count
	 * @param iterations the number of iterations that count
	 * @param millis how long an iteration takes
	 */
	record Effort(int rounds, int warmups, int iterations, int millis) {

		private Options options(Path token, int threads) {
			TimeValue time = TimeValue.milliseconds(this.millis);
			return new OptionsBuilder().include("^" + Payloads.class.getName().replace(".", "\\.") + "\\.")
				.threads(threads)
				.forks(1)
				.warmupIterations(this.warmups)
				.warmupTime(time)
				.measurementIterations(this.iterations)
				.measurementTime(time)
				.addProfiler(GCProfiler.class)
				.jvmArgsAppend("-D%s=%s".formatted(Payloads.TOKEN_PATH, token))
				.shouldFailOnError(true)
				.build();
		}

	}

	/**
	 * A row of the table.
	 *
	 * @param method the method of {@link Payloads}
	 * @param what its name
	 * @param gives what the method returns
	 */
	record Row(String method, String what, String gives) {

		static final Row OURS = new Row("payload", "`PsatAttestor.payload()`", "payload");

		static final Row OUR_BYTES = new Row("payloadToBytes", "`PsatAttestor.payload().toBytes()`", "bytes");

		static final Row READING = new Row("readAndEncode", "`Files.readString` and Jackson", "bytes");

		private static final List<Row> ALL = List.of(OURS, OUR_BYTES,
				new Row("token", "`TokenSource.value()`", "token"), READING,
				new Row("wallClock", "`Clock.systemUTC().millis()` alone", "time"));

		private static Row of(RunResult result) {
			String benchmark = result.getParams().getBenchmark();
			return ALL.stream().filter((row) -> benchmark.endsWith("." + row.method)).findFirst().orElseThrow();
		}

	}

}
