package dev.psat.spire.kafka;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.internal.Bundles;
import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.DefaultKafkaConsumerFactoryCustomizer;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.ContainerConnection;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.ContainerCustomizer;
import org.springframework.kafka.config.KafkaStreamsConfiguration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.DefaultShareConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.core.RoutingKafkaTemplate;
import org.springframework.kafka.core.ShareConsumerFactory;
import org.springframework.kafka.event.ConsumerStartingEvent;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

import static dev.psat.spire.autoconfigure.internal.FailedStart.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link KafkaCheck}, on clients that never connect.
 */
class KafkaCheckTests {

	private static final SslBundle SPIRE = SpiffeSslBundle.of(new TestIdentity());

	private static final String UNSAFE = "The bean '%s' has an SSL bundle of the SPIRE identity, but its connections would not be safe: ";

	private static final String NOT_SET = "'security.protocol' is not set, but only 'SSL' and 'SASL_SSL' use TLS.";

	private static final String PROTOCOL = "security.protocol";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, KafkaBundleAutoConfiguration.class))
		.withUserConfiguration(Bundles.class);

	private final ApplicationContextRunner boot = this.runner
		.withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
		.withPropertyValues("spring.kafka.bootstrap-servers=127.0.0.1:1", "spring.kafka.listener.auto-startup=false");

	@ParameterizedTest
	@ValueSource(strings = { "spring.kafka.ssl.bundle=spire", "spring.kafka.ssl.bundle=spire-web",
			"spring.kafka.consumer.ssl.bundle=spire", "spring.kafka.producer.ssl.bundle=spire",
			"spring.kafka.admin.ssl.bundle=spire" })
	void stopsTheStartWithoutProtocol(String bundle) {
		this.boot.withPropertyValues(bundle)
			.run((context) -> assertThat(failure(context.getStartupFailure()))
				.hasMessageStartingWith("The configuration 'spring.kafka' of ")
				.hasMessageEndingWith(NOT_SET));
	}

	/**
	 * Kafka's clients care neither for the case nor for blanks around it.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "spring.kafka.security.protocol=SSL", "spring.kafka.security.protocol=SASL_SSL",
			"spring.kafka.security.protocol=ssl", "spring.kafka.security.protocol=Sasl_Ssl",
			"spring.kafka.properties[security.protocol]=SSL",
			"spring.kafka.consumer.security.protocol=SSL;spring.kafka.producer.security.protocol=SSL;spring.kafka.admin.security.protocol=SSL" })
	void letsTheApplicationStartWithTls(String properties) {
		for (String bundle : new String[] { "spire", "spire-web" }) {
			this.boot.withPropertyValues("spring.kafka.ssl.bundle=" + bundle)
				.withPropertyValues(properties.split(";"))
				.run((context) -> assertThat(context).hasNotFailed()
					.hasSingleBean(ConsumerFactory.class)
					.hasSingleBean(ProducerFactory.class)
					.hasSingleBean(KafkaAdmin.class));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "PLAINTEXT", "SASL_PLAINTEXT", "sasl_plaintext", "plaintext", "TLS" })
	void stopsTheStartWithProtocolWithoutTls(String protocol) {
		this.boot.withPropertyValues("spring.kafka.ssl.bundle=spire", "spring.kafka.security.protocol=" + protocol)
			.run((context) -> assertThat(failure(context.getStartupFailure()))
				.hasMessageEndingWith("'security.protocol' is '%s', but only 'SSL' and 'SASL_SSL' use TLS.", protocol)
				.satisfies((failure) -> assertThat(failure.action()).isEqualTo(
						"Set 'security.protocol' to 'SSL', or to 'SASL_SSL' if clients also log in by SASL: 'spring.kafka.security.protocol' applies to every client that has none of its own, and is needed even if your code sets the protocol. Or give the client no SSL bundle of the SPIRE identity: for a test with an embedded broker, set 'spring.kafka.ssl.bundle' to nothing.")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "consumer", "producer", "admin" })
	void stopsTheStartWhereTheProtocolOfOneKindIsWithoutTls(String kind) {
		this.boot
			.withPropertyValues("spring.kafka.ssl.bundle=spire", "spring.kafka.security.protocol=SSL",
					"spring.kafka." + kind + ".security.protocol=PLAINTEXT")
			.run((context) -> assertThat(failure(context.getStartupFailure()))
				.hasMessageEndingWith("'security.protocol' is 'PLAINTEXT', but only 'SSL' and 'SASL_SSL' use TLS."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.kafka.ssl.bundle=classic", "spring.kafka.security.protocol=PLAINTEXT",
			"spring.kafka.client-id=orders",
			"spring.kafka.ssl.bundle=spire;spring.kafka.consumer.ssl.bundle=classic;spring.kafka.producer.ssl.bundle=classic;spring.kafka.admin.ssl.bundle=classic" })
	void leavesOtherBundlesAlone(String properties) {
		this.boot.withPropertyValues(properties.split(";")).run((context) -> assertThat(context).hasNotFailed());
	}

	/**
	 * Spring Boot does not give the bundle to a factory that the application builds from
	 * its properties.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "spring.kafka.ssl.bundle", "spring.kafka.consumer.ssl.bundle" })
	void stopsTheStartWhereAFactoryOfTheApplicationWouldDoWithoutTheBundle(String property) {
		ApplicationContextRunner own = this.boot.withUserConfiguration(OwnFactories.class)
			.withPropertyValues(property + "=spire");
		own.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(
				"The configuration 'spring.kafka' of consumers has an SSL bundle of the SPIRE identity, but its connections would not be safe: "
						+ NOT_SET));
		own.withInitializer(
				(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageEndingWith(NOT_SET));
		own.withPropertyValues("spring.kafka.properties[security.protocol]=SSL")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void testWithAnEmbeddedBrokerMayTakeTheBundleAway() {
		this.boot.withPropertyValues("spring.kafka.ssl.bundle=", "spring.kafka.security.protocol=PLAINTEXT")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void bundleThatIsMissingIsNotOurs() {
		this.boot.withUserConfiguration(OwnFactories.class)
			.withPropertyValues("spring.kafka.ssl.bundle=nosuch")
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void clientThatDoesNotKnowItsBrokersYetMayStart() {
		DefaultKafkaConsumerFactory<Object, Object> factory = new DefaultKafkaConsumerFactory<>(config("SSL"));
		factory.setBootstrapServersSupplier(() -> {
			throw new IllegalStateException("The container has not been started");
		});
		this.runner.withBean(ConsumerFactory.class, () -> factory).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void stopsTheStartWithWhatIsKnownByItsProxyAlone() {
		for (boolean ofClass : new boolean[] { false, true }) {
			ProxyFactory proxy = new ProxyFactory(new DefaultKafkaConsumerFactory<>(config(null)));
			proxy.setProxyTargetClass(ofClass);
			assertThatRefused(proxy.getProxy());
		}
	}

	@Test
	void leavesTheProxyOfAScopeThatIsNotActiveAlone() {
		this.runner.withUserConfiguration(Scoped.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void readsTheConnectionDetailsOfTheApplication() {
		ApplicationContextRunner own = this.boot.withUserConfiguration(OwnFactories.class);
		own.withBean("details", KafkaConnectionDetails.class, () -> new Details("PLAINTEXT"))
			.withPropertyValues("spring.kafka.security.protocol=SSL")
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageContaining("'PLAINTEXT'"));
		own.withBean("details", KafkaConnectionDetails.class, () -> new Details("SSL"))
			.withPropertyValues("spring.kafka.security.protocol=PLAINTEXT")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	/**
	 * Looked at before that, they have nothing to tell yet.
	 */
	@Test
	void connectionDetailsMayBeReadyOnlyAfterTheirInitialization() {
		this.boot.withBean("details", LateDetails.class, () -> new LateDetails("SSL"))
			.run((context) -> assertThat(context).hasNotFailed());
		this.boot.withUserConfiguration(OwnFactories.class)
			.withBean("details", LateDetails.class, () -> new LateDetails("PLAINTEXT"))
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageContaining("'PLAINTEXT'"));
	}

	@Test
	void leavesConnectionDetailsOfAScopeThatIsNotActiveAlone() {
		this.boot.withUserConfiguration(Scoped.class, ScopedDetails.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void startsNoContainerToLearnItsProtocol() {
		this.runner.withBean(KafkaConnectionDetails.class, KafkaContainer::new)
			.run((context) -> assertThat(context).hasNotFailed());
		this.runner.withBean(KafkaContainer.class, () -> {
			throw new IllegalStateException("Nobody needs it");
		})
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void stopsTheStartWhereACustomizerSwitchesTlsOff() {
		this.boot
			.withBean(DefaultKafkaConsumerFactoryCustomizer.class,
					() -> (factory) -> factory.updateConfigs(Map.of(PROTOCOL, "PLAINTEXT")))
			.withPropertyValues("spring.kafka.ssl.bundle=spire", "spring.kafka.security.protocol=SSL")
			.run((context) -> assertThat(failure(context.getStartupFailure()))
				.hasMessageStartingWith("The configuration 'spring.kafka', with what customizes it, has an SSL bundle")
				.hasMessageContaining("'PLAINTEXT'"));
	}

	@Test
	void stopsTheStartWithClientsOfTheApplication() {
		Map<String, Object> config = config(null);
		assertThatRefused(new DefaultKafkaConsumerFactory<>(config));
		assertThatRefused(new DefaultKafkaProducerFactory<>(config));
		assertThatRefused(new DefaultShareConsumerFactory<>(config));
		assertThatRefused(new KafkaAdmin(config));
		assertThatRefused(new KafkaStreamsConfiguration(config));
		assertThatRefused(new KafkaTemplate<>(new DefaultKafkaProducerFactory<>(config)));
		ConcurrentKafkaListenerContainerFactory<Object, Object> containers = new ConcurrentKafkaListenerContainerFactory<>();
		containers.setConsumerFactory(new DefaultKafkaConsumerFactory<>(config));
		assertThatRefused(containers);
	}

	@Test
	void clientsOfTheApplicationMayUseTls() {
		Map<String, Object> config = config(" ssl ");
		this.runner.withBean(ConsumerFactory.class, () -> new DefaultKafkaConsumerFactory<>(config))
			.withBean(ProducerFactory.class, () -> new DefaultKafkaProducerFactory<>(config))
			.withBean(DefaultShareConsumerFactory.class, () -> new DefaultShareConsumerFactory<>(config))
			.withBean(KafkaAdmin.class, () -> new KafkaAdmin(config))
			.withBean(KafkaStreamsConfiguration.class, () -> new KafkaStreamsConfiguration(config))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void stopsTheStartWithBundleUnderAnotherName() {
		assertThatRefused(new KafkaAdmin(Map.of("bundle", IdentitySslBundle.of(new TestIdentity()))));
	}

	@Test
	void leavesClientsThatTellNothingAlone() {
		ShareConsumerFactory<String, String> silent = (group, client) -> {
			throw new IllegalStateException();
		};
		this.runner.withBean(ShareConsumerFactory.class, () -> silent)
			.withBean(RoutingKafkaTemplate.class,
					() -> new RoutingKafkaTemplate(new LinkedHashMap<>(
							Map.of(Pattern.compile("a"), new DefaultKafkaProducerFactory<>(config("SSL"))))))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void stopsTheStartWhereTheTemplateOverridesTheProtocol() {
		ProducerFactory<Object, Object> factory = new DefaultKafkaProducerFactory<>(config("SSL"));
		this.runner.withBean(ProducerFactory.class, () -> factory)
			.withBean("template", KafkaTemplate.class,
					() -> new KafkaTemplate<>(factory, Map.of(PROTOCOL, "PLAINTEXT")))
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageStartingWith(UNSAFE,
					"template"));
	}

	@Test
	void stopsTheStartWhereTheContainerOverridesTheProtocol() {
		assertThatContainerRefused(config("SSL"), plaintext());
	}

	@Test
	void stopsTheStartWhereTheContainerAddsTheBundle() {
		Properties properties = new Properties();
		properties.put(SslBundle.class.getName(), SPIRE);
		assertThatContainerRefused(Map.of(), properties);
	}

	@Test
	void stopsTheStartWhereAListenerOverridesTheProtocol() {
		ApplicationContextRunner listening = this.boot.withUserConfiguration(Listening.class);
		listening
			.withPropertyValues("spring.kafka.ssl.bundle=spire", "spring.kafka.security.protocol=SSL",
					"spring.kafka.listener.auto-startup=true")
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(
					"The configuration 'spring.kafka' of consumers, with the properties of the listener 'orders', has an SSL bundle of the SPIRE identity, but its connections would not be safe: 'security.protocol' is 'PLAINTEXT', but only 'SSL' and 'SASL_SSL' use TLS."));
		listening.run((context) -> assertThat(context).hasNotFailed());
	}

	/**
	 * All listeners start in the phase of one that has its own.
	 */
	@Test
	void stopsTheStartBeforeAListenerOfAnEarlierPhaseStarts() {
		List<ConsumerStartingEvent> started = new CopyOnWriteArrayList<>();
		this.boot.withUserConfiguration(Listening.class, EarlyListeners.class)
			.withInitializer((context) -> context
				.addApplicationListener((ApplicationListener<ConsumerStartingEvent>) started::add))
			.withPropertyValues("spring.kafka.ssl.bundle=spire", "spring.kafka.security.protocol=SSL",
					"spring.kafka.listener.auto-startup=true")
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageContaining("'orders'"));
		assertThat(started).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "consumer.", "main.consumer.", "restore.consumer.", "global.consumer.", "producer.", "admin." })
	void stopsTheStartWhereAClientOfStreamsOverridesTheProtocol(String prefix) {
		Map<String, Object> config = config("SSL");
		config.put(prefix + PROTOCOL, "PLAINTEXT");
		this.runner.withBean("streams", KafkaStreamsConfiguration.class, () -> new KafkaStreamsConfiguration(config))
			.run((context) -> assertThat(failure(context.getStartupFailure()))
				.hasMessage(UNSAFE + "'%s' is 'PLAINTEXT', but only 'SSL' and 'SASL_SSL' use TLS.", "streams",
						prefix + PROTOCOL)
				.satisfies((failure) -> assertThat(failure.action())
					.startsWith("Set '%s%s' to 'SSL'".formatted(prefix, PROTOCOL))));
	}

	@Test
	void stopsTheStartOfStreamsWithoutAnyProtocol() {
		this.runner
			.withBean("streams", KafkaStreamsConfiguration.class, () -> new KafkaStreamsConfiguration(config(null)))
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(UNSAFE + NOT_SET, "streams"));
	}

	@Test
	void clientsOfStreamsMayEachUseTls() {
		Map<String, Object> config = config(null);
		for (String prefix : new String[] { "consumer.", "producer.", "admin." }) {
			config.put(prefix + PROTOCOL, "SSL");
		}
		config.put("confluent.metrics.reporter." + PROTOCOL, "PLAINTEXT");
		this.runner.withBean("streams", KafkaStreamsConfiguration.class, () -> new KafkaStreamsConfiguration(config))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void quotesNoPassword() {
		this.boot
			.withPropertyValues("spring.kafka.ssl.bundle=spire",
					"spring.kafka.security.protocol=PLAINTEXT;password=hidden")
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageContaining("'PLAINTEXT…'")
				.hasMessageNotContaining("hidden"));
	}

	@Test
	void lazyClientIsRefusedBeforeItConnects() {
		this.runner.withUserConfiguration(LazyAdmin.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThatExceptionOfType(BeansException.class).isThrownBy(() -> context.getBean(KafkaAdmin.class))
				.satisfies((ex) -> assertThat(failure(ex)).hasMessage(UNSAFE + NOT_SET, "admin"));
		});
	}

	@Test
	void stopsTheStartWithWhatPostProcessorsNeverSee() {
		this.runner
			.withInitializer((context) -> context.getBeanFactory()
				.registerSingleton("admin", new KafkaAdmin(config("SASL_PLAINTEXT"))))
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageStartingWith(UNSAFE, "admin"));
		this.runner.withUserConfiguration(EarlyAdmin.class)
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(UNSAFE + NOT_SET, "admin"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.apache.kafka", "org.springframework.kafka" })
	void backsOffWithoutTheClient(String away) {
		this.runner.withClassLoader(new FilteredClassLoader(away))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("spireKafkaCheck"));
	}

	@Test
	void doesWithoutWhatSpringBootKnowsOfKafka() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.kafka"))
			.withBean("client", KafkaAdmin.class, () -> new KafkaAdmin(Map.of("bundle", SPIRE)))
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(UNSAFE + NOT_SET, "client"));
	}

	private void assertThatContainerRefused(Map<String, Object> config, Properties override) {
		ConcurrentKafkaListenerContainerFactory<Object, Object> containers = new ConcurrentKafkaListenerContainerFactory<>();
		containers.setConsumerFactory(new DefaultKafkaConsumerFactory<>(config));
		containers.getContainerProperties().setKafkaConsumerProperties(override);
		this.runner.withBean("containers", ConcurrentKafkaListenerContainerFactory.class, () -> containers)
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageStartingWith(UNSAFE,
					"containers"));
	}

	private void assertThatRefused(Object client) {
		assertThatRefused(client, NOT_SET);
	}

	private void assertThatRefused(Object client, String problem) {
		this.runner.withBean("client", Object.class, () -> client)
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(UNSAFE + problem, "client"));
	}

	private static Map<String, Object> config(@Nullable String protocol) {
		Map<String, Object> config = new HashMap<>(
				Map.of(SslBundle.class.getName(), SPIRE, "ssl.engine.factory.class", SslBundleSslEngineFactory.class));
		if (protocol != null) {
			config.put(PROTOCOL, protocol);
		}
		return config;
	}

	private static Properties plaintext() {
		Properties properties = new Properties();
		properties.setProperty(PROTOCOL, "PLAINTEXT");
		return properties;
	}

	/**
	 * As an application makes them that wants them to differ from Spring Boot's.
	 */
	@Configuration(proxyBeanMethods = false)
	static class OwnFactories {

		@Bean
		ConsumerFactory<?, ?> consumers(KafkaProperties properties) {
			return new DefaultKafkaConsumerFactory<>(properties.buildConsumerProperties());
		}

		@Bean
		ProducerFactory<?, ?> producers(KafkaProperties properties) {
			return new DefaultKafkaProducerFactory<>(properties.buildProducerProperties());
		}

		@Bean
		KafkaAdmin admin(KafkaProperties properties) {
			return new KafkaAdmin(properties.buildAdminProperties());
		}

	}

	private record Details(String getSecurityProtocol) implements KafkaConnectionDetails {

		@Override
		public List<String> getBootstrapServers() {
			return List.of("127.0.0.1:1");
		}

		@Override
		public SslBundle getSslBundle() {
			return SPIRE;
		}

	}

	private static final class LateDetails implements KafkaConnectionDetails, InitializingBean {

		private final String protocol;

		private @Nullable Details details;

		LateDetails(String protocol) {
			this.protocol = protocol;
		}

		@Override
		public void afterPropertiesSet() {
			this.details = new Details(this.protocol);
		}

		@Override
		public List<String> getBootstrapServers() {
			return Objects.requireNonNull(this.details).getBootstrapServers();
		}

		@Override
		public @Nullable SslBundle getSslBundle() {
			return Objects.requireNonNull(this.details).getSslBundle();
		}

		@Override
		public String getSecurityProtocol() {
			return Objects.requireNonNull(this.details).getSecurityProtocol();
		}

	}

	private static final class KafkaContainer extends ContainerConnection implements KafkaConnectionDetails {

		@Override
		public List<String> getBootstrapServers() {
			throw new IllegalStateException("It is not started");
		}

		@Override
		public SslBundle getSslBundle() {
			return SPIRE;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Listening {

		@KafkaListener(id = "orders", topics = "orders", properties = "security.protocol=PLAINTEXT")
		void receive(String order) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyListeners {

		@Bean
		ContainerCustomizer<Object, Object, ConcurrentMessageListenerContainer<Object, Object>> early() {
			return (container) -> container.setPhase(Integer.MIN_VALUE + 1);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyAdmin {

		@Bean
		@Lazy
		KafkaAdmin admin() {
			return new KafkaAdmin(config(null));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyAdmin {

		@Bean
		KafkaAdmin admin() {
			return new KafkaAdmin(config(null));
		}

		@Bean
		static BeanFactoryPostProcessor early() {
			return (beanFactory) -> beanFactory.getBean(KafkaAdmin.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Scoped {

		@Bean
		static CustomScopeConfigurer customScopeConfigurer() {
			CustomScopeConfigurer scopes = new CustomScopeConfigurer();
			// of no thread, as that of requests at the start
			scopes.addScope("inactive", new SimpleThreadScope() {

				@Override
				public Object get(String name, ObjectFactory<?> factory) {
					throw new IllegalStateException("The scope is not active");
				}

			});
			return scopes;
		}

		@Bean
		@Scope(scopeName = "inactive", proxyMode = ScopedProxyMode.INTERFACES)
		ConsumerFactory<Object, Object> scoped() {
			return new DefaultKafkaConsumerFactory<>(config("SSL"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedDetails {

		@Bean
		@Primary
		KafkaConnectionDetails details() {
			return new Details("SSL");
		}

		@Bean
		@Scope(scopeName = "inactive")
		KafkaConnectionDetails scopedDetails() {
			return new Details("SSL");
		}

		@Bean
		@Scope(scopeName = "inactive", proxyMode = ScopedProxyMode.INTERFACES)
		KafkaConnectionDetails proxiedDetails() {
			return new Details("SSL");
		}

	}

}
