package dev.psat.docs.stock;

// tag::bundle[]
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
// end::bundle[]
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.restclient.test.autoconfigure.RestClientTest;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The documentation's example of a slice with the SSL bundle.
 */
// tag::bundle[]
@RestClientTest(properties = "inventory.url=https://inventory.shop:8443")
@Import({ StockClient.Calls.class, SimulatedSpireServerConfiguration.class })
@ImportAutoConfiguration({ SslAutoConfiguration.class, SpireAutoConfiguration.class })
class StockSliceTests {

	@Autowired
	private StockClient stock;

	@Test
	void clientHasTheBundle() {
		assertThat(this.stock.client()).isNotNull();
	}

}
// end::bundle[]
