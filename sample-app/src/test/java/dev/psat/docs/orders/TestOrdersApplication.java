package dev.psat.docs.orders;

import dev.psat.test.SimulatedKubeletConfiguration;

import org.springframework.boot.SpringApplication;

/**
 * Starts the application on a simulated kubelet.
 */
public class TestOrdersApplication {

	// tag::laptop[]
	public static void main(String[] args) {
		SpringApplication.from(OrdersApplication::main).with(SimulatedKubeletConfiguration.class).run(args);
	}
	// end::laptop[]

}
