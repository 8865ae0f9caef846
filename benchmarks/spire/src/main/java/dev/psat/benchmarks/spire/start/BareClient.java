package dev.psat.benchmarks.spire.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.psat.benchmarks.startup.Jars;
import dev.psat.benchmarks.startup.Jdk;
import dev.psat.benchmarks.startup.Launch;
import dev.psat.benchmarks.startup.LoadedClasses;
import dev.psat.benchmarks.startup.Preparation;
import dev.psat.benchmarks.startup.WebProcess;

/**
 * A client that has a JVM to itself.
 *
 * @param module the module that it is in
 * @param mainClass its main class
 * @param directory where it runs, and leaves files
 * @param arguments its arguments
 */
record BareClient(String module, String mainClass, Path directory, List<String> arguments) implements Racer.Program {

	Racer racer(String name, Jdk jdk, boolean cached) throws Exception {
		Launch launch = Jars.built(this.module).and(Jars.of(this.module)).on(jdk);
		return new Racer(name, cached ? aotCache(launch) : launch, this);
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
		Preparation.run(launch.command(this.mainClass, this.arguments), this.directory);
	}

	@Override
	public WebProcess start(Launch launch) throws IOException {
		return WebProcess.start(launch.command(this.mainClass, this.arguments), this.directory);
	}

	@Override
	public LoadedClasses classes(Launch launch) throws Exception {
		return LoadedClasses.of(launch.with("-Dhalt=true"), this.directory, this::run);
	}

}
