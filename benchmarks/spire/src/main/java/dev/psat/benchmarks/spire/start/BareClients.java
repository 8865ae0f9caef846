package dev.psat.benchmarks.spire.start;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.psat.benchmarks.startup.Jdk;
import dev.psat.benchmarks.startup.Launch;
import dev.psat.benchmarks.startup.Preparation;
import dev.psat.benchmarks.startup.WebProcess;

/**
 * The same calls, each client alone in a JVM.
 */
final class BareClients {

	static final String OURS = "psat-spire-client";

	static final String GRPC_NETTY = "grpc-netty";

	private final Path directory;

	private final List<String> arguments;

	BareClients(Path directory, World world) {
		this.directory = directory;
		this.arguments = world.clientArguments();
	}

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
		return new Heat("%s, JDK %s".formatted(way, jdk.version()),
				racer(OURS, "first-svid", "dev.psat.benchmarks.svid.FirstSvid", jdk, cached), racer(GRPC_NETTY,
						"first-svid-by-grpc-netty", "dev.psat.benchmarks.svid.grpc.FirstSvidByGrpcNetty", jdk, cached));
	}

	private Racer racer(String name, String module, String mainClass, Jdk jdk, boolean cached) throws Exception {
		Launch launch = new Launch(jdk, Jars.built(module).and(Jars.of(module)).classPath(), List.of());
		Launch prepared = cached ? aotCache(launch, mainClass) : launch;
		return new Racer(name, () -> start(prepared, mainClass));
	}

	/**
	 * The training run makes all the calls.
	 */
	private Launch aotCache(Launch launch, String mainClass) throws Exception {
		Path cache = Files.createTempDirectory(this.directory, "cache-").resolve("client.aot");
		Preparation.run(
				launch.with("-XX:AOTCacheOutput=" + cache, "-Dtraining=true").command(mainClass, this.arguments),
				this.directory);
		return launch.with("-XX:AOTCache=" + cache, "-XX:AOTMode=on");
	}

	private Figures start(Launch launch, String mainClass) throws Exception {
		try (WebProcess process = WebProcess.start(launch.command(mainClass, this.arguments), this.directory)) {
			return Figures.of(process);
		}
	}

}
