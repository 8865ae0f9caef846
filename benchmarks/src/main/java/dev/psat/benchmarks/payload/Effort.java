package dev.psat.benchmarks.payload;

import java.nio.file.Path;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * The effort of a measurement.
 *
 * @param rounds how often everything is measured, each time in new JVMs
 * @param warmups the number of iterations of a JVM that do not count
 * @param iterations the number of iterations that count
 * @param millis how long an iteration takes
 */
record Effort(int rounds, int warmups, int iterations, int millis) {

	static final Effort FULL = new Effort(5, 5, 5, 300);

	static final Effort QUICK = new Effort(2, 1, 2, 100);

	Options options(Path token, int threads) {
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

	@Override
	public String toString() {
		return "%d warm-up and %d measured iterations of %d ms".formatted(this.warmups, this.iterations, this.millis);
	}

}
