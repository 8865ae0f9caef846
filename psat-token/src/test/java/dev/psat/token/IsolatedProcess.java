package dev.psat.token;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.psat.support.Patience;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Assumptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs an {@link IsolatedSource} under restrictions that this process must not have.
 */
final class IsolatedProcess implements AutoCloseable {

	private final Process process;

	private final PrintStream commands;

	private final List<String> output = new CopyOnWriteArrayList<>();

	private IsolatedProcess(Process process) {
		this.process = process;
		this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
		Thread reader = new Thread(this::read, "isolated-process-output");
		reader.setDaemon(true);
		reader.start();
	}

	/**
	 * Start a source that polls five times a second.
	 * @param restriction the command that restricts the command after it
	 * @param path the path of the token
	 * @return the process
	 * @throws IOException if it cannot be started
	 */
	static IsolatedProcess start(List<String> restriction, Path path) throws IOException {
		List<String> command = new ArrayList<>(restriction);
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", IsolatedSource.class.getName(), path.toString(),
				"PT0.2S"));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
		return new IsolatedProcess(builder.start());
	}

	/**
	 * Skip the test unless a command can be restricted in this way on this machine.
	 */
	static void assumeAllowed(List<String> restriction) throws InterruptedException {
		List<String> command = new ArrayList<>(restriction);
		command.add("true");
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
			Assumptions.assumeTrue(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0,
					() -> "This machine does not allow '%s': %s".formatted(String.join(" ", command), said));
		}
		catch (IOException ex) {
			Assumptions.abort("This machine does not allow '%s': %s".formatted(String.join(" ", command), ex));
		}
	}

	/**
	 * Run a shell command under the same restrictions.
	 */
	void run(String command) {
		long before = this.output.stream().filter((line) -> line.startsWith("ran ")).count();
		this.commands.println(command);
		await().until(() -> this.output.stream().filter((line) -> line.startsWith("ran ")).count() > before);
		assertThat(this.output.stream().filter((line) -> line.startsWith("ran ")).skip(before)).as(this::toString)
			.containsExactly("ran 0");
	}

	void awaitStatus(String beginning, String token) {
		String fingerprint = ProjectedToken.parse(token).fingerprint();
		await().untilAsserted(() -> assertThat(status()).as(this::toString)
			.startsWith("status " + beginning)
			.endsWith("token=" + fingerprint));
	}

	String status() {
		return this.output.stream().filter((line) -> line.startsWith("status ")).reduce("", (before, line) -> line);
	}

	List<String> lines(String part) {
		return this.output.stream().filter((line) -> line.contains(part)).toList();
	}

	/**
	 * End the input, and with it the process, which closes nothing.
	 * @return its exit code
	 */
	int end() throws InterruptedException {
		this.commands.close();
		assertThat(this.process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).as(this::toString).isTrue();
		return this.process.exitValue();
	}

	@Override
	public String toString() {
		return String.join("\n", this.output);
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	private void read() {
		try (BufferedReader reader = this.process.inputReader(StandardCharsets.UTF_8)) {
			reader.lines().forEach(this.output::add);
		}
		catch (IOException ex) {
			// the process has been destroyed
		}
	}

	private static ConditionFactory await() {
		return SourceTorture.soon();
	}

}
