package dev.psat.spire.autoconfigure;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.PsatStartupException;
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
					"--spire.psat.bundle.authorised-clients=spiffe://example.org/ns/shop/sa/orders"))
			.havingRootCause()
			.isInstanceOf(PsatStartupException.class);
		assertThat(output).contains("APPLICATION FAILED TO START",
				"The property 'spire.psat.bundle.authorised-clients' has the value 'spiffe://example.org/ns/shop/sa/orders'",
				"There is no such property, and so no such list of who may connect.",
				"Correct its name to 'spire.psat.bundle.authorized-clients', or remove it.");
	}

	@ParameterizedTest
	@CsvSource({ "authorised-clients, authorized-clients", "authorized-client, authorized-clients",
			"authorizedclient, authorized-clients", "authorised-clients[0], authorized-clients",
			"authorized-peers, authorized-servers", "authorizedServer, authorized-servers",
			"authorised_servers, authorized-servers", "authorized.clients, authorized-clients",
			"authorised-clients.file, authorized-clients-file", "authorized-server-file, authorized-servers-file",
			"authorize-any-clients, authorize-any-client", "authorise-any-server, authorize-any-server" })
	void keyThatIsNearlyOneOfOursIsRefused(String key, String meant) {
		MockEnvironment environment = new MockEnvironment().withProperty("spire.psat.bundle." + key, "x");
		assertThatExceptionOfType(PsatStartupException.class).isThrownBy(() -> ListKeys.check(environment))
			.satisfies((ex) -> assertThat(ex.action()).contains("'spire.psat.bundle.%s'".formatted(meant))
				.doesNotContain(key + "'"));
	}

	/**
	 * Those of another version, and what is not below the prefix.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "spire.psat.bundle.authorized-clients", "spire.psat.bundle.authorizedClients[0]",
			"spire.psat.bundle.authorized_servers", "spire.psat.bundle.authorize-any-client", "spire.psat.bundle.name",
			"spire.psat.bundle.options.ciphers[0]", "spire.psat.bundle.session-cache", "spire.psat.bundle.open",
			"spire.psat.bundle.authorization.webhook.address", "spire.psat.authorised-clients",
			"my.bundle.authorised-clients" })
	void otherKeysAreLeftAlone(String key) {
		assertThatNoException().isThrownBy(() -> ListKeys.check(new MockEnvironment().withProperty(key, "x")));
	}

	@Test
	void variablesOfTheEnvironmentAreReadAsSpringBootReadsThem() {
		assertThatNoException().isThrownBy(() -> ListKeys.check(variables("SPIRE_PSAT_BUNDLE_AUTHORIZEDCLIENTS",
				"SPIRE_PSAT_BUNDLE_AUTHORIZED_CLIENTS", "SPIRE_PSAT_BUNDLE_AUTHORIZEDSERVERS_0",
				"SPIRE_PSAT_BUNDLE_AUTHORIZED_CLIENTS_FILE", "SPIRE_PSAT_BUNDLE_AUTHORIZEANYSERVER",
				// as a Service of this name brings them into every pod
				"SPIRE_PSAT_BUNDLE_PORT", "SPIRE_PSAT_BUNDLE_SERVICE_HOST", "SPIRE_PSAT_BUNDLE_PORT_8081_TCP_ADDR")));
		assertThat(Binder.get(variables("SPIRE_PSAT_BUNDLE_AUTHORIZED_CLIENTS"))
			.bind("spire.psat.bundle.authorized-clients", String.class)
			.get()).isEqualTo("x");
		assertThatExceptionOfType(PsatStartupException.class)
			.isThrownBy(() -> ListKeys.check(variables("SPIRE_PSAT_BUNDLE_AUTHORISEDCLIENTS")));
		assertThatExceptionOfType(PsatStartupException.class)
			.isThrownBy(() -> ListKeys.check(variables("SPIRE_PSAT_BUNDLE_AUTHORISED_CLIENTS_0")));
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
