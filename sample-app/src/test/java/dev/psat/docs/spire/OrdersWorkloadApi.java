package dev.psat.docs.spire;

// tag::api[]
import dev.psat.spire.test.SimulatedWorkloadApi;
// end::api[]

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

// tag::api[]
@TestConfiguration(proxyBeanMethods = false)
class OrdersWorkloadApi {

	@Bean
	SimulatedWorkloadApi simulatedWorkloadApi() {
		return SimulatedWorkloadApi.builder()
			.entry("spiffe://example.org/ns/shop/sa/orders", (entry) -> entry.hint("orders"))
			.build();
	}

}
// end::api[]
