package dev.psat.benchmarks.spire.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.psat.PsatAttestor;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.server.SpireServerIdentity;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;

/**
 * A pod, with a token and an identity as the starter makes them. Its token lives longer
 * than the benchmark, and is looked at without file events, of which a machine has few.
 *
 * @param kubelet projects the token
 * @param source the source of the token
 * @param identity what is measured
 */
record Pod(SimulatedKubelet kubelet, TokenSource source, SpireIdentity identity) implements AutoCloseable {

	private static final String CLUSTER = "simulated";

	private static final String AUDIENCE = "spire-server";

	static SimulatedKubelet kubelet(Path directory, String name) {
		return SimulatedKubelet.builder()
			.directory(directory.resolve(name))
			.serviceAccount("shop", "orders")
			.pod(name)
			.audience(AUDIENCE)
			.lifetime(Duration.ofHours(2))
			.build();
	}

	static Pod of(SimulatedKubelet kubelet, SimulatedSpireServer server, Path trustBundle) {
		TokenSource source = TokenSource.builder(kubelet.tokenPath()).audience(AUDIENCE).watch(false).build();
		SpireIdentity identity = SpireServerIdentity.builder(PsatAttestor.of(CLUSTER, source, List.of(AUDIENCE)))
			.server(ServerAddress.parse(server.address()))
			.trustDomain(TrustDomain.of(server.trustDomain()))
			.trustBundle(trustBundle)
			.tokenSource(source)
			.build();
		return new Pod(kubelet, source, identity);
	}

	void startSource() {
		this.source.start();
	}

	void startIdentity() {
		this.identity.start();
	}

	@Override
	public void close() {
		this.identity.close();
		this.source.close();
		this.kubelet.close();
	}

}
