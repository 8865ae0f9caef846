package dev.psat.docs.spire;

import dev.psat.spire.test.SimulatedSpireServer;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

// tag::partner[]
@TestConfiguration(proxyBeanMethods = false)
class Partner {

	@Bean(defaultCandidate = false)
	SimulatedSpireServer partnerServer() {
		return SimulatedSpireServer.builder().trustDomain("partner.org").build();
	}

}
// end::partner[]
