package dev.psat.sample;

import java.time.Duration;

import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
import dev.psat.test.SimulatedKubelet;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Starts the sample without a cluster, SPIRE Servers and partners:
 * {@code mvn spring-boot:test-run -pl sample-app -am}.
 */
public class DevelopmentApplication {

	public static void main(String[] args) {
		SpringApplication.from(SampleApplication::main)
			.with(ShortLives.class, SimulatedPartnerConfiguration.class, SimulatedCallersConfiguration.class,
					SimulatedSpireServerConfiguration.class)
			.run(args);
	}

	/**
	 * Tokens that live for half a minute and SVIDs that live for one, so that a rotation
	 * and a renewal are never far away. Tokens of Kubernetes live for ten minutes at
	 * least, SVIDs of SPIRE for an hour by default.
	 */
	@TestConfiguration(proxyBeanMethods = false)
	static class ShortLives {

		@Bean
		SimulatedKubelet simulatedKubelet() {
			return SimulatedPod.kubelet().lifetime(Duration.ofSeconds(30)).rotateOnSchedule().build();
		}

		@Bean
		SimulatedSpireServer simulatedSpireServer(SimulatedKubelet kubelet) {
			return SimulatedPod.spireServer(kubelet)
				.agentTtl(Duration.ofMinutes(5))
				.x509SvidTtl(Duration.ofMinutes(1))
				.build();
		}

	}

}
