package dev.psat.sample;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;

import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
import dev.psat.test.SimulatedKubelet;

import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Tests the running application on the simulated kubelet, SPIRE Servers and partner. All
 * such tests share one context, so each begins with a rotation, which mends what another
 * did to the token, and those that harm the server or the partner mend it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "spire.federates-with=partner.org")
@AutoConfigureRestTestClient
@Import({ SampleTest.RotationOnDemand.class, SimulatedPartnerConfiguration.class, SimulatedCallersConfiguration.class,
		SimulatedSpireServerConfiguration.class })
@interface SampleTest {

	@TestConfiguration(proxyBeanMethods = false)
	class RotationOnDemand {

		@Bean
		SimulatedKubelet simulatedKubelet() {
			return SimulatedPod.kubelet().build();
		}

		@Bean
		SimulatedSpireServer simulatedSpireServer(SimulatedKubelet kubelet) {
			return SimulatedPod.spireServer(kubelet).entryCacheReload(Duration.ZERO).limitAttestations(false).build();
		}

	}

}
