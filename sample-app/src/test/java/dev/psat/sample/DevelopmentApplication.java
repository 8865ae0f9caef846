package dev.psat.sample;

import java.time.Duration;

import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
import dev.psat.test.SimulatedKubelet;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.StringUtils;

/**
 * Starts the sample without a cluster, SPIRE Servers and partners:
 * {@code mvn spring-boot:test-run -pl sample-app -am}. Where the socket of a Workload API
 * is set, such as by {@code SPIRE_WORKLOADAPI_SOCKET}, nothing is simulated.
 */
public class DevelopmentApplication {

	public static void main(String[] args) {
		SpringApplication.Augmented application = SpringApplication.from(SampleApplication::main);
		if (!hasWorkloadApi(args)) {
			application = application.with(ShortLives.class, SimulatedPartnerConfiguration.class,
					SimulatedCallersConfiguration.class, SimulatedSpireServerConfiguration.class);
		}
		application.run(args);
	}

	static boolean hasWorkloadApi(String... args) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(args));
		ConfigurationPropertySources.attach(environment);
		return StringUtils.hasText(environment.getProperty("spire.workload-api.socket"));
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
