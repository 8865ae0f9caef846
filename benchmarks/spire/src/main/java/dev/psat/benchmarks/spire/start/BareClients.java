package dev.psat.benchmarks.spire.start;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.psat.benchmarks.startup.Jdk;

/**
 * The same calls, each client alone in a JVM.
 */
final class BareClients {

	static final String OURS = "psat-spire-client";

	static final String GRPC_NETTY = "grpc-netty";

	private final BareClient ours;

	private final BareClient grpcNetty;

	BareClients(Path directory, World world) {
		List<String> arguments = world.clientArguments();
		this.ours = new BareClient("first-svid", "dev.psat.benchmarks.svid.FirstSvid", directory, arguments);
		this.grpcNetty = new BareClient("first-svid-by-grpc-netty",
				"dev.psat.benchmarks.svid.grpc.FirstSvidByGrpcNetty", directory, arguments);
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
		return new Heat("%s, JDK %s".formatted(way, jdk.version()), this.ours.racer(OURS, jdk, cached),
				this.grpcNetty.racer(GRPC_NETTY, jdk, cached));
	}

}
