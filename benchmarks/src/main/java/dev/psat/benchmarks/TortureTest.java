package dev.psat.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Torture tests, run by a separate Maven process.
 *
 * @param module the module of the tests
 * @param tests the classes of the tests, as Surefire takes them
 * @param options further options of Maven
 */
public record TortureTest(String module, String tests, List<String> options) {

	/**
	 * Run the tests, and show what they say.
	 * @return whether they have passed, and what they have said and reported
	 * @throws Exception if Maven cannot be started, or this thread is interrupted
	 */
	public Outcome run() throws Exception {
		try (WorkDirectory work = WorkDirectory.create()) {
			return run(work.path().resolve("report.md"));
		}
	}

	private Outcome run(Path report) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of("mvn", "--batch-mode", "--no-transfer-progress", "-Dstyle.color=never", "-pl", this.module,
						"-am", "-Dtest=" + this.tests, "-Dsurefire.failIfNoSpecifiedTests=false",
						"-Dmaven.test.redirectTestOutputToFile=false", "-Dtorture.report=" + report, "test"));
		command.addAll(this.options);
		Process maven = new ProcessBuilder(command).redirectErrorStream(true).start();
		Thread hook = new Thread(() -> end(maven));
		Runtime.getRuntime().addShutdownHook(hook);
		try (BufferedReader output = maven.inputReader()) {
			List<String> lines = output.lines().peek(System.out::println).toList();
			return new Outcome(maven.waitFor() == 0, lines, Files.exists(report) ? Files.readString(report) : null);
		}
		finally {
			end(maven);
			Runtime.getRuntime().removeShutdownHook(hook);
		}
	}

	private static void end(Process maven) {
		maven.descendants().forEach(ProcessHandle::destroy);
		maven.destroy();
	}

	/**
	 * What came of it.
	 *
	 * @param passed whether all tests have passed
	 * @param output the lines of Maven and of the tests
	 * @param report what a test has reported, {@code null} if none came to that
	 */
	public record Outcome(boolean passed, List<String> output, @Nullable String report) {

		private static final int LAST_LINES = 50;

		/**
		 * Add what the test has reported, or how Maven ended without a report. A report
		 * has failed with its test.
		 * @param report the report to add to
		 * @return that report
		 */
		public Report addTo(Report report) {
			if (this.report == null) {
				List<String> last = this.output.subList(Math.max(0, this.output.size() - LAST_LINES),
						this.output.size());
				return report.paragraph("**Failed** without a report. The last lines of Maven:")
					.paragraph("```\n%s\n```".formatted(String.join("\n", last)))
					.failed();
			}
			report.paragraph(this.report.strip());
			return this.passed ? report : report.failed();
		}

	}

}
