package dev.psat.spire.autoconfigure;

import java.util.stream.Stream;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link MissingBundleFailureAnalyzer}.
 */
@ExtendWith(OutputCaptureExtension.class)
class MissingBundleFailureAnalyzerTests {

	@Test
	void bundleThatASliceLeavesOutIsToldWithTheWayToHaveIt(CapturedOutput output) {
		fail("asked=spire");
		assertThat(output).contains("APPLICATION FAILED TO START",
				"The SSL bundle 'spire' cannot be found: SpireAutoConfiguration, which registers it, is not part of this application.",
				"    @Import(SimulatedSpireServerConfiguration.class)",
				"    @ImportAutoConfiguration({ SslAutoConfiguration.class, SpireAutoConfiguration.class })");
	}

	@Test
	void bundlesOfThePropertiesAreKnownByTheirNames(CapturedOutput output) {
		fail("asked=mtls", "spire.bundle.name=mtls");
		fail("asked=partner", "spire.identity-bundles.partner.trust=jvm");
		assertThat(output).contains("The SSL bundle 'mtls' cannot be found: ",
				"The SSL bundle 'partner' cannot be found: ");
	}

	@Test
	void defaultNameOfABundleThatHasAnotherIsToldAsSuch(CapturedOutput output) {
		fail("asked=spire", "spire.bundle.name=mtls");
		assertThat(output).contains(
				"The SSL bundle 'spire' cannot be found: that of the SPIRE identity is named 'mtls'",
				"Use the name 'mtls', or remove 'spire.bundle.name'.");
	}

	@Test
	void bundlesOfTheApplicationThatLackOursAreNamed(CapturedOutput output) {
		fail(Replaced.class, "asked=spire", "spire.psat.enabled=false");
		assertThat(output).contains(
				"The SSL bundle 'spire' cannot be found: an SslBundles bean of the application was asked, which does not have it.",
				"inject the SpiffeSslBundle");
	}

	@Test
	void misspeltNameIsToldWithOurs(CapturedOutput output) {
		fail(WithUs.class, "asked=spier", "spire.psat.enabled=false");
		assertThat(output).contains("The SSL bundle 'spier' cannot be found: there is none of that name.",
				"Correct the name, or configure the SSL bundle with 'spring.ssl.bundle'. That of the SPIRE identity is 'spire'.");
		fail(WithUs.class, "asked=partnr", "spire.psat.enabled=false", "spire.bundle.name=mtls",
				"spire.identity-bundles.partner.trust=jvm", "spire.identity-bundles.web.trust=jvm");
		assertThat(output).contains("The SSL bundle 'partnr' cannot be found: ",
				"That of the SPIRE identity is 'mtls', and its identity bundles are 'partner', 'web'.");
	}

	@Test
	void anyOtherBundleIsNotOurs(CapturedOutput output) {
		fail("asked=other");
		assertThat(output).doesNotContain("APPLICATION FAILED TO START");
	}

	private static void fail(String... properties) {
		fail(Slice.class, properties);
	}

	private static void fail(Class<?> source, String... properties) {
		SpringApplication application = new SpringApplication(source);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException()
			.isThrownBy(() -> application.run(Stream.of(properties).map("--"::concat).toArray(String[]::new)))
			.havingRootCause()
			.withMessageContaining("cannot be found");
	}

	/**
	 * As a slice has it: with Spring Boot's bundles, and without ours.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(SslAutoConfiguration.class)
	static class Slice {

		@Bean
		SslBundle asked(SslBundles bundles, @Value("${asked}") String name) {
			return bundles.getBundle(name);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PsatAutoConfiguration.class, SpireAutoConfiguration.class })
	static class WithUs extends Slice {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PsatAutoConfiguration.class, SpireAutoConfiguration.class })
	static class Replaced extends Slice {

		@Bean
		SslBundles bundles() {
			return new DefaultSslBundleRegistry();
		}

	}

}
