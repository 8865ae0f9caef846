package dev.psat.autoconfigure;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link SpireHalfCheck} and {@link SpireHalfFailureAnalyzer}, with the starter
 * for the token alone.
 */
@ExtendWith(OutputCaptureExtension.class)
class SpireHalfCheckTests {

	private static final String STARTER = "Add dev.psat:psat-spring-boot-starter-spire";

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@ParameterizedTest
	@ValueSource(strings = { "spire.server.address", "spire.workload-api.socket", "spire.bundle.authorized-clients",
			"spire.bundle.authorizedServers[0]", "spire.bundle.authorized-clients-file",
			"spire.bundle.authorized-servers-file" })
	void propertyThatNothingReadsStopsTheStart(String name, CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(Map.of(), name + "=something"))
			.isInstanceOf(PsatStartupException.class);
		assertThat(output).contains("APPLICATION FAILED TO START", "The property 'spire.", "has the value 'something'",
				"Nothing reads it", STARTER);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SPIRE_SERVER_ADDRESS", "SPIRE_WORKLOADAPI_SOCKET", "SPIRE_BUNDLE_AUTHORIZEDCLIENTS_0",
			"SPIRE_BUNDLE_AUTHORIZED_SERVERS" })
	void variableThatNothingReadsStopsTheStart(String name) {
		assertThatException().isThrownBy(() -> run(Map.of(name, "something")))
			.isInstanceOf(PsatStartupException.class)
			.withMessageContaining("has the value 'something'");
	}

	/**
	 * Each Service of the namespace brings these into every pod.
	 */
	@Test
	void variablesOfServicesAreNoProperties() {
		Map<String, Object> variables = Stream
			.of("SPIRE_SERVER", "SPIRE_AGENT", "SPIRE", "SPIRE_PSAT", "SPIRE_SVID", "SPIRE_WORKLOAD_API",
					"SPIRE_BUNDLE")
			.flatMap((service) -> Stream
				.of("SERVICE_HOST", "SERVICE_PORT", "SERVICE_PORT_GRPC", "PORT", "PORT_8081_TCP", "PORT_8081_TCP_PROTO",
						"PORT_8081_TCP_PORT", "PORT_8081_TCP_ADDR")
				.map((name) -> service + "_" + name))
			.collect(Collectors.toMap(Function.identity(), (name) -> "tcp://10.0.0.1:8081"));
		try (ConfigurableApplicationContext context = run(variables)) {
			assertThat(context.getBean(TokenSource.class).value()).isEqualTo(this.kubelet.token());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire.server.address=", "spire.workload-api.socket=${NO_SUCH_SOCKET:}",
			"spire.svid.refresh-interval=30s", "spire.federates-with=partner.org",
			"other.bundle.authorized-clients=x" })
	void otherPropertiesStopNothing(String property) {
		run(Map.of(), property).close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire", "mtls" })
	void bundleOfTheSpireHalfIsToldWithTheStarter(String name, CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(Map.of(), "asked=" + name, "spire.bundle.name=" + name));
		assertThat(output).contains("APPLICATION FAILED TO START",
				"The SSL bundle '%s' cannot be found: it is that of the SPIRE half of psat-spring-boot".formatted(name),
				STARTER);
	}

	@Test
	void anyOtherBundleIsNotOurs(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(Map.of(), "asked=other"));
		assertThat(output).doesNotContain(STARTER);
	}

	private ConfigurableApplicationContext run(Map<String, Object> variables, String... properties) {
		boolean asks = Arrays.stream(properties).anyMatch((property) -> property.startsWith("asked="));
		SpringApplication application = new SpringApplication(asks ? Asking.class : Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
		application.setEnvironment(environment);
		return application.run(
				Stream
					.concat(Stream.of("spire.psat.cluster=demo", "spire.psat.token-path=" + this.kubelet.tokenPath()),
							Arrays.stream(properties))
					.map("--"::concat)
					.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PsatAutoConfiguration.class, SslAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(SslAutoConfiguration.class)
	static class Asking {

		@Bean
		SslBundle asked(SslBundles bundles, @Value("${asked}") String name) {
			return bundles.getBundle(name);
		}

	}

}
