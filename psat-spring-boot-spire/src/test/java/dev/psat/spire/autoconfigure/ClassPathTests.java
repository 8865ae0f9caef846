package dev.psat.spire.autoconfigure;

import java.util.List;
import java.util.Objects;
import java.util.Map;
import java.util.stream.Stream;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.TestIdentity;
import dev.psat.support.Matrix;
import dev.psat.support.SeparateClassPath;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the module with what is optional really away: the condition annotations are
 * optional themselves, which a filtered class loader does not show.
 */
@Matrix
class ClassPathTests {

	@Test
	void startWithTheStarterAloneObtainsAnSvid() throws Exception {
		try (SimulatedWorld world = new SimulatedWorld()) {
			assertThat(new SeparateClassPath()
				.without("spring-boot-actuator", "spring-boot-health", "spring-boot-micrometer", "micrometer-",
						"spring-web", "spring-boot-web", "spring-boot-servlet", "spring-boot-tomcat", "tomcat-",
						"spring-boot-test", "spring-test", "spring-security", "nimbus-", "reactor-", "spring-boot-grpc",
						"spring-grpc", "grpc-", "netty-", "bcp", "guava-", "spring-data-", "lettuce-", "postgresql-",
						"spring-boot-kafka", "spring-kafka", "kafka-", "spring-boot-amqp", "spring-rabbit",
						"spring-amqp", "amqp-client", "stream-client")
				.run(Simple.class, world.arguments())).containsExactlyInAnyOrder("spireIdentity", "spireWiring",
						"spireSslBundle", "spireSslBundleRegistrar", "spireSslInfo", "spireLifecycle", "spireEarlyWait",
						SimulatedWorld.ORDERS, "jwt bank");
		}
	}

	@Test
	void startWithoutMicrometerAndClientsOfHttpShowsIdentity() throws Exception {
		assertThat(
				new SeparateClassPath().without("micrometer-core", "spring-boot-micrometer", "httpc", "reactor-netty")
					.run(Application.class))
			.containsExactlyInAnyOrder("identity", "spireWiring", "spireSslBundle", "spireSslBundleRegistrar",
					"spireSslInfo", "spireLifecycle", "spireEarlyWait", "spireEndpoint", "spireHealthIndicator",
					"started");
	}

	@Test
	void startWithAllThereIsShowsAndMeasuresIdentity() throws Exception {
		assertThat(new SeparateClassPath().run(Application.class)).containsExactlyInAnyOrder("identity", "spireWiring",
				"spireSslBundle", "spireSslBundleRegistrar", "spireSslInfo", "spireLifecycle", "spireEarlyWait",
				"spireEndpoint", "spireHealthIndicator", "spireMeters", "spireBundleMeters", "spireObservations",
				"spireMeterFilter", "started");
	}

	private static Stream<String> ours(ConfigurableApplicationContext context) {
		return Stream.of(context.getBeanDefinitionNames())
			.filter((name) -> name.equals("identity") || (name.startsWith("spire") && !name.contains(".")))
			.filter((name) -> !isOfALibrary(context.getBeanFactory().getBeanDefinition(name)));
	}

	private static boolean isOfALibrary(BeanDefinition definition) {
		String configuration = Objects.requireNonNullElse(definition.getFactoryBeanName(),
				String.valueOf(definition.getBeanClassName()));
		return Stream
			.of("autoconfigure.ssl", "tomcat", "jetty", "reactor", "grpc", "http", "kafka", "redis", "rabbit", "jdbc",
					"oauth2")
			.anyMatch((name) -> configuration.startsWith("dev.psat.spire." + name + "."));
	}

	/**
	 * An application without anything of its own, which says who it is.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	public static class Simple {

		public static List<String> run(String... arguments) {
			SpringApplication application = new SpringApplication(Simple.class);
			application.setDefaultProperties(Map.of("spring.main.banner-mode", "off", "logging.level.root", "warn"));
			try (ConfigurableApplicationContext context = application.run(arguments)) {
				SpireIdentity identity = context.getBean(SpireIdentity.class);
				JwtSvid jwtSvid = identity.jwtSvid("bank");
				return Stream
					.concat(ours(context),
							Stream.of(identity.x509Svid().spiffeId().toString(), "jwt " + jwtSvid.audience().get(0)))
					.toList();
			}
		}

	}

	/**
	 * An application with all auto-configuration that its class path allows.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	public static class Application {

		@Bean
		TestIdentity identity() {
			return new TestIdentity();
		}

		public static List<String> run(String... arguments) {
			SpringApplication application = new SpringApplication(Application.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			try (ConfigurableApplicationContext context = application.run("--spire.psat.cluster=demo-cluster",
					"--spire.psat.token-path=/no/such/token", "--management.endpoints.jmx.exposure.include=psat,spire",
					"--spring.jmx.enabled=true", "--spring.main.banner-mode=off", "--logging.level.root=warn")) {
				return Stream
					.concat(ours(context),
							context.getBean(TestIdentity.class).calls().stream().map((call) -> call + "ed"))
					.toList();
			}
		}

	}

}
