package dev.psat.docs.stock;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

import dev.psat.docs.inventory.InventoryApplication;
// tag::services[]
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;
// end::services[]
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The documentation's example of a test with two services.
 */
// tag::services[]
class ShopTests {

	@AutoClose
	private final SimulatedKubelet orders = SimulatedKubelet.builder().serviceAccount("shop", "orders").build();

	@AutoClose
	private final SimulatedKubelet inventory = SimulatedKubelet.builder().serviceAccount("shop", "inventory").build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.workload(this.orders, "demo-cluster")
		.workload(this.inventory, "demo-cluster")
		.limitAttestations(false)
		.entryCacheReload(Duration.ZERO)
		.build();

	@TempDir
	private Path directory;

	@BeforeEach
	void writeTrustBundle() throws IOException {
		this.server.trustBundle().writeTo(this.directory.resolve("bundle.crt"));
	}

	@Test
	void ordersCallInventory() {
		try (ConfigurableApplicationContext inventory = start("inventory", InventoryApplication.class, this.inventory,
				"--server.ssl.bundle=spire",
				"--spire.bundle.authorized-clients=spiffe://example.org/ns/shop/sa/orders");
				ConfigurableApplicationContext orders = start("orders", StockApplication.class, this.orders,
						"--inventory.url=https://localhost:" + port(inventory), "--spire.svid.wait-for=always",
						"--spire.bundle.authorized-servers=spiffe://example.org/ns/shop/sa/inventory")) {
			assertThat(orders.getBean(StockClient.class).stock("apples")).isEqualTo("42 apples");
		}
	}

	private ConfigurableApplicationContext start(String name, Class<?> application, SimulatedKubelet pod,
			String... arguments) {
		Stream<String> both = Stream.of("--spring.config.name=" + name, "--server.port=0",
				"--spire.psat.cluster=demo-cluster", "--spire.psat.token-path=" + pod.tokenPath(),
				"--spire.server.address=" + this.server.address(), "--spire.server.trust-domain=example.org",
				"--spire.server.trust-bundle=" + this.directory.resolve("bundle.crt"));
		return SpringApplication.run(application, Stream.concat(both, Stream.of(arguments)).toArray(String[]::new));
	}

	private static String port(ConfigurableApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.server.port");
	}

}
// end::services[]
