package dev.psat.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
	 * @return whether they have passed, and what they have said
	 * @throws IOException if Maven cannot be started
	 * @throws InterruptedException if this thread is interrupted meanwhile
	 */
	public Outcome run() throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of("mvn", "--batch-mode", "--no-transfer-progress",
				"-Dstyle.color=never", "-pl", this.module, "-am", "-Dtest=" + this.tests,
				"-Dsurefire.failIfNoSpecifiedTests=false", "-Dmaven.test.redirectTestOutputToFile=false", "test"));
		command.addAll(this.options);
		Process maven = new ProcessBuilder(command).redirectErrorStream(true).start();
		Thread hook = new Thread(() -> end(maven));
		Runtime.getRuntime().addShutdownHook(hook);
		try (BufferedReader output = maven.inputReader()) {
			List<String> lines = output.lines().peek(System.out::println).toList();
			return new Outcome(maven.waitFor() == 0, lines);
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
	 */
	public record Outcome(boolean passed, List<String> output) {

	}

}
