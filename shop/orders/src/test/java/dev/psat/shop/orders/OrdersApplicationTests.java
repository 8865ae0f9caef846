package dev.psat.shop.orders;

import java.io.IOException;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistrar;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests what an order says, and that nobody can answer for the inventory.
 */
@SpringBootTest
@AutoConfigureMockMvc
@Import(SimulatedSpireServerConfiguration.class)
class OrdersApplicationTests {

	@Autowired
	private SimulatedSpireServer server;

	@Autowired
	private SpireIdentity identity;

	@Autowired
	private MockMvcTester mvc;

	@BeforeEach
	void awaitIdentity() {
		await().until(() -> this.identity.status().state().isUp());
	}

	@Test
	void orderListsWhatTheInventorySays() {
		assertThat(this.mvc.get().uri("/orders/apples")).hasStatusOk()
			.bodyJson()
			.extractingPath("$.inventory.inStock")
			.isEqualTo(7);
	}

	@Test
	void nobodyElseIsAsked(@Autowired RestClient.Builder builder, @Autowired RestClientSsl ssl) throws IOException {
		try (SimulatedInventory mailer = new SimulatedInventory(
				this.server.bundleOf("spiffe://example.org/ns/shop/sa/mailer"))) {
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> new Inventory(builder, ssl, mailer.url()).stock("apples"))
				.withMessageContaining("spiffe://example.org/ns/shop/sa/mailer is not listed");
		}
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class InventoryConfiguration {

		@Bean
		SimulatedInventory simulatedInventory(SimulatedSpireServer server) throws IOException {
			return new SimulatedInventory(server.bundleOf("spiffe://example.org/ns/shop/sa/inventory"));
		}

		@Bean
		DynamicPropertyRegistrar inventoryUrl(SimulatedInventory inventory) {
			return (properties) -> properties.add("inventory.url", inventory::url);
		}

	}

}
