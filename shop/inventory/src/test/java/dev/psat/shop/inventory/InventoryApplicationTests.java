package dev.psat.shop.inventory;

import dev.psat.shop.inventory.StockController.Stock;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests who may call the inventory by the list that is deployed, and what callers see.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "spire.bundle.authorized-clients-file=../deploy/peers/clients")
@Import(SimulatedSpireServerConfiguration.class)
class InventoryApplicationTests {

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	@Autowired
	private SimulatedSpireServer server;

	@LocalServerPort
	private int port;

	@Test
	void tellsOrdersWhatThereIsAndWhoAsks() {
		Stock stock = callAs(ORDERS);
		assertThat(stock).isNotNull();
		assertThat(stock.article()).isEqualTo("apples");
		assertThat(stock.inStock()).isEqualTo(42);
		assertThat(stock.caller()).isEqualTo(ORDERS);
		assertThat(stock.serialNumber()).matches("\\d+");
	}

	@Test
	void refusesEverybodyElse() {
		assertThatExceptionOfType(ResourceAccessException.class)
			.isThrownBy(() -> callAs("spiffe://example.org/ns/shop/sa/mailer"));
	}

	private @Nullable Stock callAs(String caller) {
		HttpClientSettings settings = HttpClientSettings.ofSslBundle(this.server.bundleOf(caller));
		RestClient client = RestClient.builder()
			.requestFactory(ClientHttpRequestFactoryBuilder.jdk().build(settings))
			.build();
		return client.get().uri("https://localhost:{port}/stock/apples", this.port).retrieve().body(Stock.class);
	}

}
