package dev.psat.docs.spire;

import java.time.Duration;

import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.test.SimulatedKubelet;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

// tag::server[]
@TestConfiguration(proxyBeanMethods = false)
class ShortLivedSvids {

	@Bean
	SimulatedSpireServer simulatedSpireServer(SimulatedKubelet kubelet) {
		return SimulatedSpireServer.builder()
			.workload(kubelet, "demo-cluster")
			.x509SvidTtl(Duration.ofMinutes(1))
			.entryCacheReload(Duration.ZERO)
			.build();
	}

}
// end::server[]
