package dev.psat.docs.orders;

import java.time.Duration;

import dev.psat.test.SimulatedKubelet;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

// tag::kubelet[]
@TestConfiguration(proxyBeanMethods = false)
class ShortLivedTokens {

	@Bean
	SimulatedKubelet simulatedKubelet() {
		return SimulatedKubelet.builder()
			.serviceAccount("shop", "orders")
			.lifetime(Duration.ofSeconds(30))
			.rotateOnSchedule()
			.build();
	}

}
// end::kubelet[]
