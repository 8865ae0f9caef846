package dev.psat.spire.autoconfigure;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.internal.PsatStartupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link ListKeys}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ListKeysTests {

	@ParameterizedTest
	@ValueSource(strings = { "spire.psat.enabled=true", "spire.psat.enabled=false" })
	void misspeltKeyStopsTheStart(String enabled, CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException()
			.isThrownBy(() -> application.run("--" + enabled, "--spire.psat.cluster=demo",
					"--spire.bundle.authorised-clients=spiffe://example.org/ns/shop/sa/orders"))
			.havingRootCause()
			.isInstanceOf(PsatStartupException.class);
		assertThat(output).contains("APPLICATION FAILED TO START",
				"The property 'spire.bundle.authorised-clients' has the value 'spiffe://example.org/ns/shop/sa/orders'",
				"There is no such property, and so no such list of who may connect.",
				"Correct its name to 'spire.bundle.authorized-clients', or remove it.");
	}

	@ParameterizedTest
	@CsvSource({ "authorised-clients, authorized-clients", "authorized-client, authorized-clients",
			"authorizedclient, authorized-clients", "authorised-clients[0], authorized-clients",
			"authorized-peers, authorized-servers", "authorizedServer, authorized-servers",
			"authorised_servers, authorized-servers", "authorized.clients, authorized-clients",
			"authorised-clients.file, authorized-clients-file", "authorized-server-file, authorized-servers-file",
			"authorize-any-clients, authorize-any-client", "authorise-any-server, authorize-any-server" })
	void keyThatIsNearlyOneOfOursIsRefused(String key, String meant) {
		MockEnvironment environment = new MockEnvironment().withProperty("spire.bundle." + key, "x");
		assertThatExceptionOfType(PsatStartupException.class).isThrownBy(() -> ListKeys.check(environment))
			.satisfies((ex) -> assertThat(ex.action()).contains("'spire.bundle.%s'".formatted(meant))
				.doesNotContain(key + "'"));
	}

	/**
	 * Those of another version, and what is not below the prefix.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "spire.bundle.authorized-clients", "spire.bundle.authorizedClients[0]",
			"spire.bundle.authorized_servers", "spire.bundle.authorize-any-client", "spire.bundle.name",
			"spire.bundle.options.ciphers[0]", "spire.bundle.session-cache", "spire.bundle.open",
			"spire.bundle.authorization.webhook.address", "spire.authorised-clients", "my.bundle.authorised-clients" })
	void otherKeysAreLeftAlone(String key) {
		assertThatNoException().isThrownBy(() -> ListKeys.check(new MockEnvironment().withProperty(key, "x")));
	}

	@Test
	void variablesOfTheEnvironmentAreReadAsSpringBootReadsThem() {
		assertThatNoException().isThrownBy(() -> ListKeys.check(variables("SPIRE_BUNDLE_AUTHORIZEDCLIENTS",
				"SPIRE_BUNDLE_AUTHORIZED_CLIENTS", "SPIRE_BUNDLE_AUTHORIZEDSERVERS_0",
				"SPIRE_BUNDLE_AUTHORIZED_CLIENTS_FILE", "SPIRE_BUNDLE_AUTHORIZEANYSERVER",
				// as a Service of this name brings them into every pod
				"SPIRE_BUNDLE_PORT", "SPIRE_BUNDLE_SERVICE_HOST", "SPIRE_BUNDLE_PORT_8081_TCP_ADDR")));
		assertThat(Binder.get(variables("SPIRE_BUNDLE_AUTHORIZED_CLIENTS"))
			.bind("spire.bundle.authorized-clients", String.class)
			.get()).isEqualTo("x");
		assertThatExceptionOfType(PsatStartupException.class)
			.isThrownBy(() -> ListKeys.check(variables("SPIRE_BUNDLE_AUTHORISEDCLIENTS")));
		assertThatExceptionOfType(PsatStartupException.class)
			.isThrownBy(() -> ListKeys.check(variables("SPIRE_BUNDLE_AUTHORISED_CLIENTS_0")));
	}

	/**
	 * A Service of each of these names brings such variables into every pod.
	 */
	@Test
	void variablesOfServicesAreNoPropertiesOfTheIdentity() {
		String[] names = Stream
			.of("SPIRE", "SPIRE_SERVER", "SPIRE_WORKLOAD_API", "SPIRE_SVID", "SPIRE_BUNDLE", "SPIRE_IDENTITY_BUNDLES",
					"SPIRE_FEDERATES_WITH", "SPIRE_ENABLED")
			.flatMap((service) -> Stream
				.of("SERVICE_HOST", "SERVICE_PORT", "SERVICE_PORT_GRPC", "PORT", "PORT_8081_TCP", "PORT_8081_TCP_PROTO",
						"PORT_8081_TCP_PORT", "PORT_8081_TCP_ADDR")
				.map((name) -> service + "_" + name))
			.toArray(String[]::new);
		assertThat(Binder.get(variables(names)).bindOrCreate("spire", SpireProperties.class)).usingRecursiveComparison()
			.isEqualTo(new SpireProperties());
		assertThatNoException().isThrownBy(() -> ListKeys.check(variables(names)));
	}

	private static StandardEnvironment variables(String... names) {
		StandardEnvironment environment = new StandardEnvironment();
		Map<String, Object> variables = Arrays.stream(names).collect(Collectors.toMap((name) -> name, (name) -> "x"));
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
		return environment;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PsatAutoConfiguration.class, SpireAutoConfiguration.class })
	static class Application {

	}

}
