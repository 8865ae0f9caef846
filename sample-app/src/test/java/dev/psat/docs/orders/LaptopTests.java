package dev.psat.docs.orders;

import dev.psat.PsatAttestor;
import dev.psat.test.SimulatedKubelet;
import dev.psat.test.SimulatedKubeletConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the documentation's example of a start on a laptop has a token.
 */
class LaptopTests {

	@Test
	void hasTheTokenOfTheSimulatedKubelet() {
		try (ConfigurableApplicationContext context = run("--server.port=0")) {
			assertThat(new String(context.getBean(PsatAttestor.class).payload().toBytes()))
				.contains(context.getBean(SimulatedKubelet.class).token());
		}
	}

	private static ConfigurableApplicationContext run(String... args) {
		SpringApplication.Running running =
				// tag::laptop[]
				SpringApplication.from(OrdersApplication::main).with(SimulatedKubeletConfiguration.class).run(args);
		// end::laptop[]
		return running.getApplicationContext();
	}

}
