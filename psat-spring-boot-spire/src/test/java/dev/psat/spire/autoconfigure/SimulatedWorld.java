package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;

/**
 * A simulated kubelet and SPIRE Server outside of the application, and the properties
 * that lead to them.
 */
public final class SimulatedWorld implements AutoCloseable {

	public static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().serviceAccount("shop", "orders").build();

	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.workload(this.kubelet, "demo")
		.limitAttestations(false)
		.entryCacheReload(Duration.ZERO)
		.build();

	private final Path trustBundle;

	public SimulatedWorld() {
		try {
			this.trustBundle = Files.createTempFile("trust-bundle-", ".pem");
			this.server.trustBundle().writeTo(this.trustBundle);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	SimulatedKubelet kubelet() {
		return this.kubelet;
	}

	public SimulatedSpireServer server() {
		return this.server;
	}

	public String[] properties() {
		return new String[] { "spire.psat.cluster=demo", "spire.psat.token-path=" + this.kubelet.tokenPath(),
				"spire.server.address=" + this.server.address(),
				"spire.server.trust-domain=" + this.server.trustDomain(),
				"spire.server.trust-bundle=" + this.trustBundle };
	}

	/**
	 * Return the properties as arguments of an application, and further ones.
	 */
	String[] arguments(String... more) {
		return Stream.concat(Stream.of(properties()), Stream.of(more))
			.map((property) -> "--" + property)
			.toArray(String[]::new);
	}

	@Override
	public void close() {
		this.server.close();
		this.kubelet.close();
		try {
			Files.deleteIfExists(this.trustBundle);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
