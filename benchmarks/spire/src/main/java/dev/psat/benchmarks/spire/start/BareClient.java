package dev.psat.benchmarks.spire.start;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.psat.benchmarks.jvm.Jars;
import dev.psat.benchmarks.jvm.Program;

/**
 * Our client alone, which has a JVM to itself.
 */
final class BareClient {

	static final String NAME = "psat-spire-client";

	private static final String MODULE = "first-svid";

	private BareClient() {
	}

	/**
	 * Return the program, whose training run makes all the calls.
	 * @param directory where it runs, and leaves files
	 * @param arguments its arguments
	 * @return the only program
	 * @throws IOException if it was not built
	 */
	static Map<String, Program> program(Path directory, List<String> arguments) throws IOException {
		return Map.of(NAME, new Program(directory, Jars.built(MODULE).and(Jars.of(MODULE)),
				"dev.psat.benchmarks.svid.FirstSvid", arguments, arguments));
	}

}
