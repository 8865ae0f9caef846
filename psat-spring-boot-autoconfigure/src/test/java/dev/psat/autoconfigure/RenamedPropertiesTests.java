package dev.psat.autoconfigure;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.autoconfigure.internal.PsatStartupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RenamedProperties}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RenamedPropertiesTests {

	@ParameterizedTest
	@MethodSource("names")
	void oldNameStopsTheStartAndLeadsToTheNewOne(String name) {
		String member = name.equals("identity-bundles") ? name + ".web.trust" : name;
		assertThatExceptionOfType(PsatStartupException.class)
			.isThrownBy(() -> run(Map.of(), "spire.psat." + member + "=something"))
			.withMessageContaining("spire.psat.%1$s is now spire.%1$s".formatted(name));
	}

	static Stream<String> names() {
		return RenamedProperties.NAMES.stream();
	}

	@ParameterizedTest
	@ValueSource(strings = { "SPIRE_PSAT_WORKLOADAPI_SOCKET", "SPIRE_PSAT_WORKLOAD_API_SOCKET",
			"SPIRE_PSAT_SERVER_ADDRESS", "SPIRE_PSAT_FEDERATESWITH", "SPIRE_PSAT_FEDERATESWITH_0",
			"SPIRE_PSAT_BUNDLE_AUTHORIZEDCLIENTS_1", "SPIRE_PSAT_IDENTITYBUNDLES_PARTNER_TRUST" })
	void oldVariableStopsTheStart(String variable) {
		assertThatExceptionOfType(PsatStartupException.class).isThrownBy(() -> run(Map.of(variable, "something")))
			.withMessageContaining("is now spire.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spire.psat.bundle.authorizedClients[0]=something", "spire.psat.server.trustDomain=",
			"spire.psat.workload-api.socket=${NOT_SET:}" })
	void oldNameInWhateverFormAndWithoutAValueCounts(String property) {
		assertThatException().isThrownBy(() -> run(Map.of(), property)).isInstanceOf(PsatStartupException.class);
	}

	@Test
	void allOldNamesAreNamedAtOnce(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(Map.of("SPIRE_PSAT_SVID_WAITFOR", "always"),
				"spire.psat.server.address=spire-server:8081", "spire.psat.cluster=demo"));
		assertThat(output)
			.contains("APPLICATION FAILED TO START", "    spire.psat.server.address is now spire.server.address",
					"    spire.psat.svid.wait-for is now spire.svid.wait-for", "Rename them wherever they are set")
			.doesNotContain("cluster is now");
	}

	@Test
	void oldNameOfASourceThatComesLateStopsTheStartToo() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class))
			.withPropertyValues("spire.psat.enabled=false", "spire.psat.bundle.options.ciphers=something")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("spire.psat.bundle.options.ciphers is now spire.bundle.options.ciphers"));
	}

	/**
	 * A Service in the namespace brings these into every pod.
	 */
	@Test
	void variablesOfServicesAreNoOldNames() {
		Map<String, Object> variables = Stream
			.of("SPIRE_PSAT", "SPIRE_PSAT_SERVER", "SPIRE_PSAT_BUNDLE", "SPIRE_PSAT_SVID", "SPIRE_PSAT_WORKLOAD_API")
			.flatMap((service) -> Stream
				.of("SERVICE_HOST", "SERVICE_PORT", "PORT", "PORT_8081_TCP", "PORT_8081_TCP_PROTO",
						"PORT_8081_TCP_PORT", "PORT_8081_TCP_ADDR")
				.map((name) -> service + "_" + name))
			.collect(Collectors.toMap(Function.identity(), (name) -> "tcp://10.0.0.1:8081"));
		try (ConfigurableApplicationContext context = run(variables)) {
			assertThat(context.isActive()).isTrue();
		}
	}

	private static ConfigurableApplicationContext run(Map<String, Object> variables, String... properties) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
		application.setEnvironment(environment);
		return application.run(Stream.concat(Stream.of("spire.psat.enabled=false"), Arrays.stream(properties))
			.map("--"::concat)
			.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(PsatAutoConfiguration.class)
	static class Application {

	}

}
