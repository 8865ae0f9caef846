package dev.psat.docs.tls;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import dev.psat.docs.ShopApplication;
import dev.psat.docs.SimulatedShop;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.Direction;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.client.ResourceAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Callers}.
 */
class CallersTests {

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	@Test
	void tableDecidesWhoCallsAndAgainWhenItIsToldTo() {
		try (SimulatedShop shop = new SimulatedShop();
				var inventory = ShopApplication.run(Stock.class, "",
						with(shop.pod("inventory"), "server.ssl.bundle=spire"));
				var orders = ShopApplication.run(Inventory.class, "", with(shop.pod("orders"),
						"inventory.url=" + url(inventory), "spire.bundle.authorize-any-server=true"))) {
			SpireIdentity identity = orders.getBean(SpireIdentity.class);
			await().until(() -> identity.status().state().isUp());
			assertRefused(orders);
			inventory.getBean(Table.class).callers.add(ORDERS);
			assertThat(orders.getBean(Inventory.class).stock("apples")).isEqualTo("42 apples");
			inventory.getBean(Table.class).callers.clear();
			SpiffeSslBundle bundle = inventory.getBean(SpiffeSslBundle.class);
			assertThat(bundle.connections().open(Direction.INBOUND)).isPositive();
			bundle.reauthorize();
			await().until(() -> bundle.connections().open(Direction.INBOUND) == 0);
			assertRefused(orders);
			assertThat(inventory.getBean(SslBundles.class).getBundle("partner")).isInstanceOf(SpiffeSslBundle.class);
		}
	}

	private static void assertRefused(ConfigurableApplicationContext orders) {
		assertThatExceptionOfType(ResourceAccessException.class)
			.isThrownBy(() -> orders.getBean(Inventory.class).stock("apples"));
	}

	private static String url(ConfigurableApplicationContext inventory) {
		return "https://localhost:" + inventory.getEnvironment().getRequiredProperty("local.server.port", int.class);
	}

	private static List<String> with(List<String> properties, String... more) {
		return Stream.concat(properties.stream(), Stream.of(more)).toList();
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ StockController.class, Callers.CallersPolicy.class, Callers.PartnerPolicy.class })
	static class Stock {

		@Bean
		Table callers() {
			return new Table(ConcurrentHashMap.newKeySet());
		}

	}

	record Table(Set<String> callers) implements Callers.CallerRepository {

		@Override
		public boolean exists(String spiffeId) {
			return this.callers.contains(spiffeId);
		}

	}

}
