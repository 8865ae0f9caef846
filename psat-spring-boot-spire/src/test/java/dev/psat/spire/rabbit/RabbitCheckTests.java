package dev.psat.spire.rabbit;

import java.util.List;

import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.internal.Bundles;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.amqp.autoconfigure.RabbitProperties;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;

import static dev.psat.spire.autoconfigure.internal.FailedStart.failure;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RabbitBundleAutoConfiguration.RabbitCheck}, on a client that never
 * connects.
 */
class RabbitCheckTests {

	private static final String NAME = "spring.rabbitmq-org.springframework.boot.amqp.autoconfigure.RabbitProperties";

	private static final String WRITTEN = "The configuration 'spring.rabbitmq' has an SSL bundle of the SPIRE identity, but its connections would not be safe: The first of 'spring.rabbitmq.addresses' begins with 'amqp://', so that none of them uses TLS.";

	private static final String UNSAFE = "The bean '%s' has an SSL bundle of the SPIRE identity, but its connections would not be safe: The first of its addresses begins with 'amqp://', so that none of them uses TLS.";

	private static final String BUNDLE = "spring.rabbitmq.ssl.bundle=spire";

	private static final String CLEAR = "spring.rabbitmq.addresses=amqp://127.0.0.1:1";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, RabbitBundleAutoConfiguration.class))
		.withUserConfiguration(Bundles.class);

	private final ApplicationContextRunner boot = this.runner
		.withConfiguration(AutoConfigurations.of(RabbitAutoConfiguration.class))
		.withPropertyValues("spring.rabbitmq.listener.simple.auto-startup=false");

	/**
	 * Spring Boot looks at the first address alone, and at nothing else if it says what
	 * to do.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "spring.rabbitmq.host=127.0.0.1;spring.rabbitmq.port=1",
			"spring.rabbitmq.host=127.0.0.1;spring.rabbitmq.ssl.enabled=true", "spring.rabbitmq.ssl.enabled=false",
			"spring.rabbitmq.addresses=", "spring.rabbitmq.addresses=127.0.0.1:1",
			"spring.rabbitmq.addresses=127.0.0.1:1,amqp://127.0.0.1:1;spring.rabbitmq.ssl.enabled=false",
			"spring.rabbitmq.addresses=amqps://127.0.0.1:1",
			"spring.rabbitmq.addresses=amqps://127.0.0.1:1,amqp://127.0.0.1:1;spring.rabbitmq.ssl.enabled=false" })
	void letsTheApplicationStartWithTls(String properties) {
		for (String bundle : new String[] { "spire", "spire-web" }) {
			this.boot.withPropertyValues("spring.rabbitmq.ssl.bundle=" + bundle)
				.withPropertyValues(properties.split(";"))
				.run((context) -> assertThat(usesTls(context)).isTrue());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "amqp://127.0.0.1:1", " amqp://orders:hidden@127.0.0.1:1/shop", "amqp://127.0.0.1:5671",
			"amqp://127.0.0.1:1,amqps://127.0.0.1:2" })
	void stopsTheStartWhereTheFirstAddressIsWithoutTls(String addresses) {
		ApplicationContextRunner clear = this.boot.withPropertyValues("spring.rabbitmq.addresses=" + addresses,
				"spring.rabbitmq.ssl.enabled=true");
		clear.run((context) -> assertThat(usesTls(context)).isFalse());
		for (String bundle : new String[] { "spire", "spire-web" }) {
			clear.withPropertyValues("spring.rabbitmq.ssl.bundle=" + bundle)
				.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(WRITTEN)
					.satisfies((failure) -> assertThat(failure.action()).isEqualTo(
							"Let the first of 'spring.rabbitmq.addresses' begin with 'amqps://', or with its host name. Or give it no SSL bundle of the SPIRE identity, in 'spring.rabbitmq.ssl.bundle'.")));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.rabbitmq.ssl.bundle=classic", "spring.rabbitmq.ssl.bundle=unknown",
			"spring.rabbitmq.ssl.bundle=", "spring.rabbitmq.ssl.enabled=true" })
	void leavesOtherBundlesAlone(String property) {
		this.boot.withPropertyValues(CLEAR, property).run((context) -> assertThat(usesTls(context)).isFalse());
	}

	@Test
	void leavesTheProxyOfAScopeThatIsNotActiveAlone() {
		this.runner.withUserConfiguration(Scoped.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void doesWithoutBundles() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(RabbitAutoConfiguration.class, RabbitBundleAutoConfiguration.class))
			.withPropertyValues(CLEAR, BUNDLE)
			.run((context) -> assertThat(usesTls(context)).isFalse());
	}

	/**
	 * Their bundle comes before the addresses in the properties.
	 */
	@Test
	void connectionDetailsOfTheApplicationMayHaveTheBundle() {
		this.boot.withBean("details", RabbitConnectionDetails.class, Details::new)
			.withPropertyValues(CLEAR)
			.run((context) -> assertThat(usesTls(context)).isTrue());
	}

	@Test
	void stopsTheStartWhereConnectionDetailsOfTheApplicationLackTheBundle() {
		ApplicationContextRunner own = this.boot
			.withBean("details", RabbitConnectionDetails.class,
					() -> () -> List.of(new RabbitConnectionDetails.Address("127.0.0.1", 1)))
			.withPropertyValues(BUNDLE);
		own.run((context) -> assertThat(usesTls(context)).isTrue());
		own.withPropertyValues(CLEAR)
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(WRITTEN));
	}

	@Test
	void checksThePropertiesOfAnotherBroker() {
		ApplicationContextRunner other = this.boot.withUserConfiguration(Other.class)
			.withPropertyValues("other.addresses=amqp://127.0.0.1:1");
		other.withPropertyValues("other.ssl.bundle=spire")
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(UNSAFE, "other"));
		other.run((context) -> assertThat(context).hasNotFailed());
	}

	/**
	 * A client of the application that is made of them later.
	 */
	@Test
	void stopsTheStartWhereNobodyAsksForTheProperties() {
		this.runner.withUserConfiguration(Properties.class)
			.withPropertyValues(CLEAR, BUNDLE)
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(WRITTEN));
	}

	@Test
	void lazyInitializationDoesNotPutItOff() {
		this.boot
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.withPropertyValues(CLEAR, BUNDLE)
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(WRITTEN));
	}

	@Test
	void nobodyConnectsBeforeItIsRefused() {
		this.boot.withUserConfiguration(Other.class, EarlyUse.class)
			.withPropertyValues(CLEAR, BUNDLE)
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(WRITTEN));
	}

	@Test
	void backsOffWithoutTheClient() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.amqp.rabbit"))
			.withPropertyValues(CLEAR, BUNDLE)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("spireRabbitCheck"));
	}

	private static boolean usesTls(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		return context.getBean(CachingConnectionFactory.class).getRabbitConnectionFactory().isSSL();
	}

	private static final class Details implements RabbitConnectionDetails {

		@Override
		public List<Address> getAddresses() {
			return List.of(new Address("127.0.0.1", 1));
		}

		@Override
		public SslBundle getSslBundle() {
			return SpiffeSslBundle.of(new TestIdentity());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(RabbitProperties.class)
	static class Properties {

	}

	@Configuration(proxyBeanMethods = false)
	static class Other {

		@Bean(defaultCandidate = false)
		@ConfigurationProperties("other")
		RabbitProperties other() {
			return new RabbitProperties();
		}

	}

	/**
	 * Something that would send while the context is created.
	 */
	@Configuration(proxyBeanMethods = false)
	static class EarlyUse {

		@Bean
		Object sender(CachingConnectionFactory factory) {
			throw new IllegalStateException("It sends");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Scoped {

		@Bean
		static CustomScopeConfigurer customScopeConfigurer() {
			CustomScopeConfigurer scopes = new CustomScopeConfigurer();
			scopes.addScope("inactive", new SimpleThreadScope() {

				@Override
				public Object get(String name, ObjectFactory<?> factory) {
					throw new IllegalStateException("The scope is not active");
				}

			});
			return scopes;
		}

		@Bean
		@Scope(scopeName = "inactive", proxyMode = ScopedProxyMode.TARGET_CLASS)
		RabbitProperties scoped() {
			return new RabbitProperties();
		}

	}

}
