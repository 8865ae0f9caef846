package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.psat.support.Patience;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application in a separate JVM, for settings that are needed before the JVM starts.
 *
 * @param process the JVM
 * @param output where it writes all that it says
 */
record StarterProcess(Process process, Path output) implements AutoCloseable {

	/**
	 * Start an application.
	 * @param options the options of the JVM
	 * @param directory where to put the output, and what the application leaves behind
	 * @param application the class with the main method
	 * @param arguments its arguments
	 */
	static StarterProcess start(List<String> options, Path directory, Class<?> application, String... arguments)
			throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + directory));
		command.addAll(options);
		command.add(application.getName());
		command.addAll(List.of(arguments));
		Path output = directory.resolve("output");
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
		builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
		return new StarterProcess(builder.start(), output);
	}

	/**
	 * Wait for the end.
	 * @return the exit code
	 */
	int end() throws InterruptedException {
		assertThat(this.process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).as(this::said).isTrue();
		return this.process.exitValue();
	}

	String said() {
		try {
			return Files.readString(this.output, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
