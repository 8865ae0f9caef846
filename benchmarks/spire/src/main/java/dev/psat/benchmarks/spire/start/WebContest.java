package dev.psat.benchmarks.spire.start;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.psat.benchmarks.jvm.Jdk;
import dev.psat.benchmarks.jvm.Launch;
import dev.psat.benchmarks.jvm.Program;
import dev.psat.benchmarks.jvm.Way;

/**
 * The web application that serves its SVID beside the same one with certificates from
 * files, and without TLS.
 */
final class WebContest {

	static final String HTTP = "HTTP";

	static final String PEM = "PEM files";

	static final String SPIRE = "SVID";

	private WebContest() {
	}

	static Map<String, Program> programs(Path directory, World world) throws Exception {
		List<String> pem = world.pemProperties();
		Map<String, Program> programs = new LinkedHashMap<>();
		programs.put(HTTP, Program.webApplication(directory, "", List.of(), List.of()));
		programs.put(PEM, Program.webApplication(directory, "", pem, pem));
		programs.put(SPIRE, spire(directory, world, world.token()));
		return programs;
	}

	static Program spire(Path directory, World world, Path token) throws IOException {
		return Program.webApplication(directory, "web-application-with-spire", world.spireProperties(token),
				world.trainingProperties());
	}

	/**
	 * Return all ways that the installed JDKs allow.
	 * @return the ways, the plain one first
	 * @throws IOException if the JDKs cannot be listed
	 */
	static List<Way> ways() throws IOException {
		List<Way> ways = new ArrayList<>(Way.all());
		Jdk.withAotCache()
			.ifPresent((jdk) -> ways.add(Way.of("AOT cache of a whole run", jdk, Launch::aotCacheOfWholeRun)));
		return ways;
	}

}
