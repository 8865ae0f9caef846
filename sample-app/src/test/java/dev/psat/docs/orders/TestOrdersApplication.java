package dev.psat.docs.orders;

// tag::laptop[]
import dev.psat.test.SimulatedKubeletConfiguration;

import org.springframework.boot.SpringApplication;
// end::laptop[]

/**
 * README's start on a laptop, which {@link LaptopTests} tests.
 */
final class TestOrdersApplication {

	private TestOrdersApplication() {
	}

	static void main(String[] args) {
		// tag::laptop[]
		SpringApplication.from(OrdersApplication::main).with(SimulatedKubeletConfiguration.class).run(args);
		// end::laptop[]
	}

}
