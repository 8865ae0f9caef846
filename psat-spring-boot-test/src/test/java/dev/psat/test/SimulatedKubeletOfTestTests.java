package dev.psat.test;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a {@link SpringBootTest} that declares a {@link SimulatedKubelet} of its own
 * beside {@link SimulatedKubeletConfiguration}.
 */
@SpringBootTest(properties = "spire.psat.cluster=production")
@Import(SimulatedKubeletConfiguration.class)
class SimulatedKubeletOfTestTests {

	@Test
	void kubeletOfTestReplacesOurs(@Autowired SimulatedKubelet kubelet,
			@Value("${spire.psat.token-path}") Path tokenPath, @Value("${spire.psat.cluster}") String cluster) {
		assertThat(tokenPath).isEqualTo(kubelet.tokenPath()).hasFileName("of-test");
		assertThat(cluster).isEqualTo("production");
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

	@TestConfiguration(proxyBeanMethods = false)
	static class KubeletConfiguration {

		@Bean
		SimulatedKubelet kubelet() {
			return SimulatedKubelet.builder().itemPath("of-test").build();
		}

	}

}
