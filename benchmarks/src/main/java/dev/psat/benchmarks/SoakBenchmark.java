package dev.psat.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

import dev.psat.benchmarks.TortureTest.Outcome;

/**
 * Runs the torture tests of the library: first all others, and then the soak in faults
 * that are drawn at random, which writes its own part of the report.
 */
final class SoakBenchmark implements Benchmark {

	private static final String MODULE = "psat-token";

	/** Whose torture test it is: it tests the endpoint and the meters, too. */
	private static final String SOAK_MODULE = "psat-spring-boot-autoconfigure";

	/** A shorter soak is a trial run. */
	private static final Duration FULL = Duration.ofMinutes(5);

	private static final int SEEDS = 1_000_000;

	private static final Pattern FIGURES = Pattern.compile("Torture: (.*)");

	private static final Pattern TESTS = Pattern
		.compile("(Tests run: \\d+, Failures: \\d+, Errors: \\d+, Skipped: \\d+)$");

	@Override
	public Report run(List<String> arguments) throws Exception {
		String duration = arguments.isEmpty() ? "30m" : arguments.get(0);
		String seed = (arguments.size() > 1) ? arguments.get(1) : Integer.toString(new Random().nextInt(SEEDS));
		boolean full = Duration.parse("PT" + duration).compareTo(FULL) >= 0;
		Outcome torture = new TortureTest(MODULE, "*TortureTests", full ? List.of("-Ptorture") : List.of("-Pmatrix")).run();
		List<String> figures = found(FIGURES, torture.output());
		List<String> tests = found(TESTS, torture.output());
		Outcome soak = new TortureTest(SOAK_MODULE, "SoakTortureTests",
				List.of("-Ptorture", "-Dtest.jvm.count=1", "-Dsoak.duration=" + duration, "-Dsoak.seed=" + seed))
			.run();
		Report report = new Report("Torture and soak").paragraph("## Torture")
			.paragraph(
					"""
							The library's torture tests, run by Maven %s. During the swaps, no reader may ever be refused, get a \
							token that nobody wrote, or get an older one than any reader had before.\
							"""
						.formatted(full ? "at their full length (profile `torture`)"
								: "at the short length of an ordinary build, since this is a trial run"))
			.paragraph("%s: %s.".formatted(torture.passed() ? "Passed" : "**Failed**",
					tests.isEmpty() ? "No test was run" : tests.get(tests.size() - 1)))
			.paragraph("* " + String.join("\n* ", figures))
			.paragraph("## Soak");
		soak.addTo(report);
		return (torture.passed() && !figures.isEmpty()) ? report : report.failed();
	}

	private static List<String> found(Pattern pattern, List<String> lines) {
		List<String> found = new ArrayList<>();
		lines.forEach((line) -> pattern.matcher(line).results().map((result) -> result.group(1)).forEach(found::add));
		return found;
	}

}
