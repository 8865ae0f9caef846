package dev.psat.benchmarks.startup;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What Maven has put on the class path of the web application. Where they agree, both
 * have the same order.
 *
 * @param without the jars without the starter
 * @param with the same jars, and behind them those that the starter adds
 */
record ClassPaths(List<String> without, List<String> with) {

	private static final Path MODULES = Path.of("benchmarks").toAbsolutePath();

	static ClassPaths read() throws IOException {
		Set<String> jars = new LinkedHashSet<>();
		jars.add(MODULES.resolve("web-application/target/web-application.jar").toString());
		jars.addAll(jars("web-application"));
		List<String> without = List.copyOf(jars);
		jars.addAll(jars("web-application-with-psat"));
		return new ClassPaths(without, List.copyOf(jars));
	}

	Variants<Launch> on(Jdk jdk) {
		return new Variants<>(new Launch(jdk, this.without, List.of()), new Launch(jdk, this.with, List.of()));
	}

	private static List<String> jars(String module) throws IOException {
		String classPath = Files.readString(MODULES.resolve(module).resolve("target/classpath"));
		return Arrays.asList(classPath.strip().split(File.pathSeparator));
	}

}
