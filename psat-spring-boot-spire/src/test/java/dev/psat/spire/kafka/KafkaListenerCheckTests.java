package dev.psat.spire.kafka;

import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.KafkaListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KafkaListenerCheck.LateIdentityWarning}, whose broker is away.
 */
@ExtendWith(OutputCaptureExtension.class)
class KafkaListenerCheckTests {

	private static final String WARNING = "The consumers of 'spring.kafka' have an SSL bundle of the SPIRE identity, but the Kafka listeners [orders] start before there is an X.509-SVID to connect with";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, KafkaBundleAutoConfiguration.class,
				KafkaAutoConfiguration.class))
		.withPropertyValues("spring.kafka.bootstrap-servers=127.0.0.1:1", "spring.kafka.security.protocol=SSL",
				"spring.kafka.ssl.bundle=spire")
		.withUserConfiguration(Listening.class);

	@Test
	void listenerThatIsAheadOfTheIdentityIsTold(CapturedOutput output) {
		run(new TestIdentity());
		assertThat(output).containsOnlyOnce(WARNING).contains("Set 'spire.svid.wait-for' to 'always'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.kafka.listener.auto-startup=false",
			"spring.kafka.listener.auth-exception-retry-interval=10s", "spring.kafka.consumer.ssl.bundle=classic" })
	void listenerThatDoesNotConnectWithItOrTriesAgainIsNot(String property, CapturedOutput output) {
		run(new TestIdentity(), property);
		assertThat(output).doesNotContain(WARNING);
	}

	@Test
	void listenerWithAnX509SvidIsNot(CapturedOutput output) {
		KeyedIdentity identity = new KeyedIdentity();
		identity.rotate();
		run(identity);
		assertThat(output).doesNotContain(WARNING);
	}

	@Test
	void listenerOfAnApplicationThatDoesWithoutIsNot(CapturedOutput output) {
		TestIdentity disabled = new TestIdentity();
		disabled.become(TestIdentity.bare(SpireState.DISABLED));
		run(disabled);
		assertThat(output).doesNotContain(WARNING);
	}

	private void run(SpireIdentity identity, String... properties) {
		this.runner.withPropertyValues(properties)
			.withBean(SpireIdentity.class, () -> identity)
			.withBean(SslBundleRegistrar.class, () -> (registry) -> {
				registry.registerBundle("spire", SpiffeSslBundle.of(identity));
				registry.registerBundle("classic", SslBundle.of(SslStoreBundle.NONE));
			})
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Configuration(proxyBeanMethods = false)
	static class Listening {

		@KafkaListener(id = "orders", topics = "orders")
		void receive(String order) {
		}

	}

}
