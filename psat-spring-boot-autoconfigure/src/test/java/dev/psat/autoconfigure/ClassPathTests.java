package dev.psat.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.psat.support.SeparateClassPath;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for our auto-configurations with other class paths. The condition annotations
 * themselves are optional, so a filtered class loader does not show what happens without
 * them.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClassPathTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@Test
	void startWithoutActuatorAndMicrometerServesToken() throws Exception {
		assertThat(runWithout("spring-boot-actuator", "spring-boot-health", "micrometer-core"))
			.containsExactlyInAnyOrder("psatTokenSource", "psatAttestor", "psatLifecycle", this.kubelet.token());
	}

	@Test
	void startWithoutMicrometerServesTokenAndShowsIt() throws Exception {
		assertThat(runWithout("micrometer-core", "spring-boot-micrometer")).containsExactlyInAnyOrder("psatTokenSource",
				"psatAttestor", "psatLifecycle", "psatEndpoint", "psatHealthIndicator", this.kubelet.token());
	}

	@Test
	void startOnSpringBoot3StopsWithTheReason(CapturedOutput output) throws IOException {
		SeparateClassPath boot3 = new SeparateClassPath().without("spring-")
			.withJarsIn(Path.of("target/spring-boot-3"));
		assertThatThrownBy(() -> run(boot3)).rootCause()
			.hasMessageMatching(
					"Spring Boot 3\\.5\\.\\d+ is on the class path, but psat-spring-boot requires 4\\.0 or later\\.");
		assertThat(output).contains("APPLICATION FAILED TO START").contains("Upgrade Spring Boot");
	}

	private List<String> runWithout(String... jars) throws Exception {
		return run(new SeparateClassPath().without(jars));
	}

	private List<String> run(SeparateClassPath classPath) throws Exception {
		return classPath.run(WholeApplication.class, this.kubelet.tokenPath().toString());
	}

	/**
	 * An application with all auto-configuration that its class path allows.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	public static class WholeApplication {

		public static List<String> run(String tokenPath) {
			SpringApplication application = new SpringApplication(WholeApplication.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			try (ConfigurableApplicationContext context = application.run("--spire.psat.cluster=demo-cluster",
					"--spire.psat.token-path=" + tokenPath, "--management.endpoints.jmx.exposure.include=psat",
					"--spring.jmx.enabled=true", "--spring.main.banner-mode=off", "--logging.level.root=warn")) {
				List<String> found = new ArrayList<>(Stream.of(context.getBeanDefinitionNames())
					.filter((name) -> name.startsWith("psat") && !name.contains("."))
					.toList());
				found.add(context.getBean(TokenSource.class).value());
				return found;
			}
		}

	}

}
