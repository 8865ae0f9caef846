package dev.psat.sample;

import java.time.Duration;

import dev.psat.test.SimulatedKubelet;
import dev.psat.test.SimulatedKubeletConfiguration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Starts the sample without a cluster:
 * {@code mvn spring-boot:test-run -pl sample-app -am}.
 */
public class DevelopmentApplication {

	public static void main(String[] args) {
		SpringApplication.from(SampleApplication::main)
			.with(ShortLivedTokens.class, SimulatedKubeletConfiguration.class)
			.run(args);
	}

	/**
	 * Tokens that live for half a minute, so that a rotation is never far away; those of
	 * Kubernetes live for ten minutes at least.
	 */
	@TestConfiguration(proxyBeanMethods = false)
	static class ShortLivedTokens {

		@Bean
		SimulatedKubelet simulatedKubelet() {
			return SimulatedPod.kubelet().lifetime(Duration.ofSeconds(30)).rotateOnSchedule().build();
		}

	}

}
