package dev.psat.docs.inventory;

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
 * The documentation's example of a test of who may call.
 */
// tag::callers[]
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "server.ssl.bundle=spire",
				"spire.bundle.authorized-clients=spiffe://example.org/ns/shop/sa/orders" })
@Import(SimulatedSpireServerConfiguration.class)
class CallersTests {

	@Autowired
	private SimulatedSpireServer server;

	@LocalServerPort
	private int port;

	@Test
	void ordersMayCall() {
		assertThat(callAs("spiffe://example.org/ns/shop/sa/orders")).isEqualTo("42 apples");
	}

	@Test
	void mailerMayNot() {
		assertThatExceptionOfType(ResourceAccessException.class)
			.isThrownBy(() -> callAs("spiffe://example.org/ns/shop/sa/mailer"));
	}

	private @Nullable String callAs(String caller) {
		HttpClientSettings settings = HttpClientSettings.ofSslBundle(this.server.bundleOf(caller));
		RestClient client = RestClient.builder()
			.requestFactory(ClientHttpRequestFactoryBuilder.jdk().build(settings))
			.build();
		return client.get().uri("https://localhost:{port}/stock/apples", this.port).retrieve().body(String.class);
	}

}
// end::callers[]
