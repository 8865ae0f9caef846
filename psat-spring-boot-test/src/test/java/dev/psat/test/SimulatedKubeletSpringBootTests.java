package dev.psat.test;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.support.DynamicPropertyRegistrarBeanInitializer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SimulatedKubeletConfiguration} in a {@link SpringBootTest}.
 */
@SpringBootTest(properties = "spire.psat.token-path=/nowhere")
@Import(SimulatedKubeletConfiguration.class)
class SimulatedKubeletSpringBootTests {

	@Test
	void applicationFindsSimulatedToken(@Autowired SimulatedKubelet kubelet,
			@Value("${spire.psat.token-path}") Path tokenPath, @Value("${spire.psat.cluster}") String cluster) {
		assertThat(tokenPath).isEqualTo(kubelet.tokenPath()).hasContent(kubelet.rotate());
		assertThat(cluster).isEqualTo("simulated");
	}

	@Test
	void initializerIsThatOfSpringTest(@Autowired ApplicationContext context) {
		assertThat(context.getBeanNamesForType(DynamicPropertyRegistrarBeanInitializer.class)).singleElement()
			.asString()
			.startsWith("org.springframework.test");
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

}
