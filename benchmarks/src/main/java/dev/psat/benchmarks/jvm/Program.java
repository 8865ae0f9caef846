package dev.psat.benchmarks.jvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program whose start is measured.
 *
 * @param directory where it runs, and leaves files
 * @param jars its class path
 * @param mainClass its main class
 * @param arguments its arguments
 * @param training its arguments in a training run
 */
public record Program(Path directory, Jars jars, String mainClass, List<String> arguments, List<String> training) {

	/**
	 * Create the web application, always with the same properties beside those given.
	 * @param directory where it runs, and leaves files
	 * @param starter the module that adds the class path of a starter, empty for none
	 * @param properties the properties as arguments
	 * @param training the same for a training run
	 * @return the application
	 * @throws IOException if it was not built
	 */
	public static Program webApplication(Path directory, String starter, List<String> properties, List<String> training)
			throws IOException {
		Jars application = Jars.ofApplication();
		return new Program(directory, starter.isEmpty() ? application : application.and(Jars.of(starter)),
				"dev.psat.benchmarks.web.WebApplication", common(properties), common(training));
	}

	private static List<String> common(List<String> properties) {
		return Stream.concat(Stream.of("--server.port=0", "--server.address=127.0.0.1",
				"--management.endpoints.web.exposure.include=health,psat"), properties.stream())
			.toList();
	}

	/**
	 * Return how to start it.
	 * @param jdk on what
	 * @return how to start it, without options
	 */
	public Launch on(Jdk jdk) {
		return new Launch(this, jdk, this.jars.paths().stream().map(Path::toString).toList(), List.of());
	}

}
