package dev.psat.docs.spire;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the documentation's example of a start on a laptop has an identity.
 */
class LaptopTests {

	@Test
	void hasTheIdentityThatTheSimulatedServerGives() {
		try (ConfigurableApplicationContext context = run("--server.port=0")) {
			SpireIdentity identity = context.getBean(SpireIdentity.class);
			await().until(() -> identity.status().state().isUp());
			assertThat(identity.x509Svid().spiffeId()).hasToString("spiffe://example.org/ns/default/sa/default");
			assertThat(identity.status().server()).hasToString(context.getBean(SimulatedSpireServer.class).address());
		}
	}

	private static ConfigurableApplicationContext run(String... args) {
		SpringApplication.Running running =
				// tag::laptop[]
				SpringApplication.from(OrdersApplication::main).with(SimulatedSpireServerConfiguration.class).run(args);
		// end::laptop[]
		return running.getApplicationContext();
	}

}
