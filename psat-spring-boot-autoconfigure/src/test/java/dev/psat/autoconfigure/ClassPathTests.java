package dev.psat.autoconfigure;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for our auto-configurations with other class paths. The condition annotations
 * themselves are optional, so a filtered class loader does not show what happens without
 * them.
 */
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

	@SuppressWarnings("unchecked")
	private List<String> runWithout(String... jars) throws Exception {
		List<URL> urls = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			File file = new File(entry);
			if (Stream.of(jars).noneMatch(file.getName()::startsWith)) {
				urls.add(file.toURI().toURL());
			}
		}
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new),
				ClassLoader.getPlatformClassLoader())) {
			thread.setContextClassLoader(loader);
			return (List<String>) loader.loadClass(WholeApplication.class.getName())
				.getMethod("run", String.class)
				.invoke(null, this.kubelet.tokenPath().toString());
		}
		finally {
			thread.setContextClassLoader(before);
		}
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
