package dev.psat.sample;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.psat.test.SimulatedKubelet;
import dev.psat.test.SimulatedKubeletConfiguration;

import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Tests the running application on the simulated kubelet. All such tests share one
 * context, so each begins with a rotation, which mends what another did to the token.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureRestTestClient
@Import({ SampleTest.RotationOnDemand.class, SimulatedKubeletConfiguration.class })
@interface SampleTest {

	@TestConfiguration(proxyBeanMethods = false)
	class RotationOnDemand {

		@Bean
		SimulatedKubelet simulatedKubelet() {
			return SimulatedPod.kubelet().build();
		}

	}

}
