package dev.psat.benchmarks.spire.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.psat.benchmarks.startup.Jars;
import dev.psat.benchmarks.startup.Jdk;
import dev.psat.benchmarks.startup.Launch;
import dev.psat.benchmarks.startup.LoadedClasses;
import dev.psat.benchmarks.startup.Preparation;
import dev.psat.benchmarks.startup.WebProcess;

/**
 * Our client alone, which has a JVM to itself.
 *
 * @param directory where it runs, and leaves files
 * @param arguments its arguments
 */
record BareClient(Path directory, List<String> arguments) implements Racer.Program {

	static final String NAME = "psat-spire-client";

	private static final String MODULE = "first-svid";

	private static final String MAIN_CLASS = "dev.psat.benchmarks.svid.FirstSvid";

	List<Heat> heats() throws Exception {
		Jdk current = Jdk.current();
		List<Heat> heats = new ArrayList<>();
		heats.add(heat("plain", current, false));
		Jdk cached = Jdk.withAotCache().orElse(null);
		if (cached != null) {
			if (!cached.equals(current)) {
				heats.add(heat("plain", cached, false));
			}
			heats.add(heat("AOT cache", cached, true));
		}
		return heats;
	}

	private Heat heat(String way, Jdk jdk, boolean cached) throws Exception {
		Launch launch = Jars.built(MODULE).and(Jars.of(MODULE)).on(jdk);
		return new Heat("%s, JDK %s".formatted(way, jdk.version()),
				new Racer(NAME, cached ? aotCache(launch) : launch, this));
	}

	/**
	 * The training run makes all the calls.
	 */
	private Launch aotCache(Launch launch) throws Exception {
		Path cache = Files.createTempDirectory(this.directory, "cache-").resolve("client.aot");
		run(launch.with("-XX:AOTCacheOutput=" + cache, "-Dtraining=true"));
		return launch.with("-XX:AOTCache=" + cache, "-XX:AOTMode=on");
	}

	private void run(Launch launch) throws Exception {
		Preparation.run(launch.command(MAIN_CLASS, this.arguments), this.directory);
	}

	@Override
	public WebProcess start(Launch launch) throws IOException {
		return WebProcess.start(launch.command(MAIN_CLASS, this.arguments), this.directory);
	}

	@Override
	public LoadedClasses classes(Launch launch) throws Exception {
		return LoadedClasses.of(launch.with("-Dhalt=true"), this.directory, this::run);
	}

}
