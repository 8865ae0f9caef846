package dev.psat.spire.autoconfigure.ssl;

import java.util.Map;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BundleProperties}.
 */
@ExtendWith(OutputCaptureExtension.class)
class BundlePropertiesTests {

	private static final String WARNING = "'%s' names the SSL bundle '%s' of the SPIRE identity, but this version knows nothing of that property.";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SslAutoConfiguration.class,
				SpireAutoConfiguration.class))
		.withInitializer(new BundleContextInitializer())
		.withPropertyValues("spire.psat.enabled=false", "spire.identity-bundles.web.trust=jvm",
				"spring.ssl.bundle.pem.other.reload-on-update=false");

	@ParameterizedTest
	@ValueSource(strings = { "spire", "web" })
	void warnsOfAPropertyOfWhichNothingIsKnown(String bundle, CapturedOutput output) {
		this.runner.withPropertyValues("spring.mongodb.ssl.bundle=" + bundle, "spring.main.lazy-initialization=true")
			.run((context) -> assertThat(output)
				.containsOnlyOnce(WARNING.formatted("spring.mongodb.ssl.bundle", bundle)));
	}

	@Test
	void warnsOfAVariableOfTheEnvironment(CapturedOutput output) {
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addLast(new SystemEnvironmentPropertySource("more-systemEnvironment",
						Map.of("SPRING_MONGODB_SSL_BUNDLE", "spire"))))
			.run((context) -> assertThat(output)
				.containsOnlyOnce(WARNING.formatted("spring.mongodb.ssl.bundle", "spire")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.mongodb.ssl.bundle=other", "spring.mongodb.ssl.bundle=missing",
			"spring.mongodb.ssl.bundle=", "spring.mongodb.ssl.bundle=${absent}", "spring.mongodb.ssl=spire",
			"spring.mongodb.bundle=spire" })
	void saysNothingOfOtherBundlesAndProperties(String property, CapturedOutput output) {
		this.runner.withPropertyValues(property).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).doesNotContain("of the SPIRE identity");
		});
	}

	@ParameterizedTest
	@EnumSource
	void warnsOfNothingThatIsKnown(BundleUse use, CapturedOutput output) {
		this.runner.withPropertyValues(use.names().map((name) -> name + "=spire").toArray(String[]::new))
			.run((context) -> assertThat(output).doesNotContain(
					use.isUnknown(getClass().getClassLoader()) ? "knows nothing of" : "of the SPIRE identity"));
	}

	@Test
	void saysItOnceWhereThereAreChildContexts(CapturedOutput output) {
		this.runner.withPropertyValues("spring.mongodb.ssl.bundle=spire")
			.run((parent) -> new ApplicationContextRunner().withParent(parent)
				.withInitializer(new BundleContextInitializer())
				.withPropertyValues("spring.mongodb.ssl.bundle=spire")
				.run((child) -> assertThat(output)
					.containsOnlyOnce(WARNING.formatted("spring.mongodb.ssl.bundle", "spire"))));
	}

	@Test
	void saysItOfABundleOfOnesOwn(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
			.withInitializer(new BundleContextInitializer())
			.withBean(SslBundleRegistrar.class,
					() -> (registry) -> registry.registerBundle("own", SpiffeSslBundle.of(new TestIdentity())))
			.withPropertyValues("spring.mongodb.ssl.bundle=own")
			.run((context) -> assertThat(output)
				.containsOnlyOnce(WARNING.formatted("spring.mongodb.ssl.bundle", "own")));
	}

	@Test
	void saysItWhereTheIdentityIsInAChildContext(CapturedOutput output) {
		new ApplicationContextRunner().run((parent) -> this.runner.withParent(parent)
			.withPropertyValues("spring.mongodb.ssl.bundle=spire")
			.run((child) -> assertThat(output)
				.containsOnlyOnce(WARNING.formatted("spring.mongodb.ssl.bundle", "spire"))));
	}

	@ParameterizedTest
	@EnumSource
	void knowsTheClassesOfThisSpringBoot(BundleUse use) {
		boolean before = String.valueOf(SpringBootVersion.getVersion()).startsWith("4.0.");
		assertThat(use.isUnknown(getClass().getClassLoader())).isEqualTo(before && (use == BundleUse.RABBITMQ_STREAMS));
		assertThat(use.isUnknown(new FilteredClassLoader("org.springframework.boot"))).isTrue();
	}

}
