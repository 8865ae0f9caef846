package dev.psat.benchmarks.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The torture tests of the library, run by a separate Maven process.
 *
 * @param full whether they have their full length
 * @param exitCode the exit code of Maven
 * @param tests Surefire's summary of all tests
 * @param figures the figures that the tests report
 */
record SwapTorture(boolean full, int exitCode, String tests, List<String> figures) {

	private static final Pattern FIGURES = Pattern.compile("Torture: (.*)");

	private static final Pattern TESTS = Pattern
		.compile("(Tests run: \\d+, Failures: \\d+, Errors: \\d+, Skipped: \\d+)$");

	static SwapTorture run(boolean full) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of("mvn", "--batch-mode", "--no-transfer-progress",
				"-Dstyle.color=never", "-pl", "psat-spring-boot-autoconfigure", "-am", "-Dtest=*TortureTests",
				"-Dsurefire.failIfNoSpecifiedTests=false", "-Dmaven.test.redirectTestOutputToFile=false", "test"));
		if (full) {
			command.add("-Ptorture");
		}
		Process maven = new ProcessBuilder(command).redirectErrorStream(true).start();
		Thread hook = new Thread(() -> end(maven));
		Runtime.getRuntime().addShutdownHook(hook);
		try {
			return follow(maven, full);
		}
		finally {
			end(maven);
			Runtime.getRuntime().removeShutdownHook(hook);
		}
	}

	private static SwapTorture follow(Process maven, boolean full) throws IOException, InterruptedException {
		List<String> figures = new ArrayList<>();
		String tests = "No test was run";
		try (BufferedReader output = maven.inputReader()) {
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				System.out.println(line);
				Matcher figure = FIGURES.matcher(line);
				if (figure.find()) {
					figures.add(figure.group(1));
				}
				Matcher summary = TESTS.matcher(line);
				if (summary.find()) {
					tests = summary.group(1);
				}
			}
		}
		return new SwapTorture(full, maven.waitFor(), tests, figures);
	}

	private static void end(Process maven) {
		maven.descendants().forEach(ProcessHandle::destroy);
		maven.destroy();
	}

	boolean isPassed() {
		return this.exitCode == 0 && !this.figures.isEmpty();
	}

}
