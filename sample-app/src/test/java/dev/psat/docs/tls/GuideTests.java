package dev.psat.docs.tls;

import java.util.List;
import java.util.stream.Stream;

import dev.psat.docs.Markdown;
import dev.psat.docs.ShopApplication;
import dev.psat.docs.SimulatedShop;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests that two applications with the properties of the guide to TLS call each other,
 * that a third one does not, and that they log what the guide prints.
 */
@ExtendWith(OutputCaptureExtension.class)
class GuideTests {

	private static final Markdown GUIDE = Markdown.of("docs/two-services.md");

	@Test
	void ordersCallsInventoryAndNobodyElseDoes(CapturedOutput output) {
		try (SimulatedShop shop = new SimulatedShop();
				var inventory = inventory(shop);
				var orders = orders(shop, url(inventory))) {
			assertThat(orders.getBean(Inventory.class).stock("apples")).isEqualTo("42 apples");
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> anybody(inventory).get().uri(url(inventory)).retrieve().toBodilessEntity())
				.withMessageContaining("Received fatal alert: certificate_unknown");
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> orders.getBean(RestClient.class).get().retrieve().toBodilessEntity())
				.withMessageContaining(
						"spiffe://example.org/ns/shop/sa/inventory is not authorized by the application's own policy");
			String probed = "http://localhost:%d/actuator/health/".formatted(port(inventory, "local.management.port"));
			for (String group : List.of("liveness", "readiness")) {
				assertThat(RestClient.create().get().uri(probed + group).retrieve().body(String.class))
					.contains("\"status\":\"UP\"");
			}
			assertThat(GUIDE.blocks("").get(0).content().lines())
				.map((line) -> line.split(" : ", 2)[1].replace("mailer", "inventory"))
				.allSatisfy((message) -> assertThat(withoutNumbers(output.getAll())).contains(withoutNumbers(message)));
		}
	}

	private static ConfigurableApplicationContext inventory(SimulatedShop shop) {
		return ShopApplication.run(StockController.class, yaml(0),
				with(shop.pod("inventory"), "server.port=0", "management.server.port=0"));
	}

	private static ConfigurableApplicationContext orders(SimulatedShop shop, String url) {
		var orders = ShopApplication.run(Calls.class, yaml(1),
				with(shop.pod("orders"), "inventory.url=" + url, "payments.url=" + url));
		SpireIdentity identity = orders.getBean(SpireIdentity.class);
		await().until(() -> identity.status().state().isUp());
		return orders;
	}

	/**
	 * A client that looks at no list.
	 */
	private static RestClient anybody(ConfigurableApplicationContext caller) {
		SpiffeSslBundle bundle = caller.getBean(SpiffeSslBundle.class).authorizing((peer) -> true);
		return RestClient.builder()
			.requestFactory(ClientHttpRequestFactoryBuilder.jdk().build(HttpClientSettings.ofSslBundle(bundle)))
			.build();
	}

	private static String url(ConfigurableApplicationContext inventory) {
		return "https://localhost:%d".formatted(port(inventory, "local.server.port"));
	}

	private static int port(ConfigurableApplicationContext context, String property) {
		return context.getEnvironment().getRequiredProperty(property, int.class);
	}

	private static String yaml(int block) {
		return GUIDE.blocks("yaml").get(block).content();
	}

	private static List<String> with(List<String> properties, String... more) {
		return Stream.concat(properties.stream(), Stream.of(more)).toList();
	}

	/**
	 * Without serial numbers, times, UIDs and addresses.
	 */
	private static String withoutNumbers(String text) {
		return text.replaceAll("pod/[0-9a-f-]+", "pod/")
			.replaceAll("from \\S+:\\d+ as", "from the server as")
			.replaceAll("\\d+", "0");
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Inventory.class, PaymentsConfiguration.class })
	static class Calls {

	}

}
