package dev.psat.spire.http;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.spire.TestIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.SimpleClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.ReactorClientHttpRequestFactory;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HttpClientBundleAutoConfiguration}: which builders are prepared.
 */
class HttpClientBundleAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(HttpClientAutoConfiguration.class,
			ImperativeHttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
			HttpClientBundleAutoConfiguration.class);

	private static final SpiffeSslBundle BUNDLE = SpiffeSslBundle.of(new TestIdentity());

	private static final String REQUEST_FACTORIES = "spireRequestFactoryBuilderWrapper";

	private static final String CONNECTORS = "spireConnectorBuilderWrapper";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS)
		.withBean(SpiffeSslBundle.class, () -> BUNDLE);

	@Test
	void buildersOfHttpComponentsKeepTheirType() {
		this.contextRunner
			.withPropertyValues("spring.http.clients.imperative.factory=http-components",
					"spring.http.clients.reactive.connector=http-components")
			.run((context) -> {
				assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
					.isInstanceOf(HttpComponentsClientHttpRequestFactoryBuilder.class);
				assertThat(context.getBean(ClientHttpConnectorBuilder.class))
					.isInstanceOf(HttpComponentsClientHttpConnectorBuilder.class);
			});
	}

	@Test
	void builderOfJettyKeepsItsType() {
		this.contextRunner.withPropertyValues("spring.http.clients.imperative.factory=jetty")
			.run((context) -> assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
				.isInstanceOf(JettyClientHttpRequestFactoryBuilder.class));
	}

	@Test
	void buildersOfReactorNettyAreWrapped() {
		this.contextRunner
			.withPropertyValues("spring.http.clients.imperative.factory=reactor",
					"spring.http.clients.reactive.connector=reactor")
			.run((context) -> {
				assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
					.satisfies(HttpClientBundleAutoConfigurationTests::isWrapped);
				ClientHttpConnectorBuilder<?> connectors = context.getBean(ClientHttpConnectorBuilder.class);
				assertThat(connectors).isNotInstanceOf(ReactorClientHttpConnectorBuilder.class);
				assertThat(connectors.build()).isInstanceOf(ReactorClientHttpConnector.class);
			});
	}

	private static void isWrapped(ClientHttpRequestFactoryBuilder<?> builder) {
		assertThat(builder).isNotInstanceOf(ReactorClientHttpRequestFactoryBuilder.class);
		assertThat(builder.build()).isInstanceOf(ReactorClientHttpRequestFactory.class);
	}

	@Test
	void buildersOfTheJdkAreWrappedAndMakeTheSameClientsWithoutTheBundle() {
		this.contextRunner
			.withPropertyValues("spring.http.clients.imperative.factory=jdk",
					"spring.http.clients.reactive.connector=jdk")
			.run((context) -> {
				ClientHttpRequestFactoryBuilder<?> builder = context.getBean(ClientHttpRequestFactoryBuilder.class);
				assertThat(builder).isNotInstanceOf(JdkClientHttpRequestFactoryBuilder.class);
				assertThat(builder.build()).isInstanceOf(JdkClientHttpRequestFactory.class);
				assertThat(builder.build(HttpClientSettings.ofSslBundle(BUNDLE)))
					.isNotInstanceOf(JdkClientHttpRequestFactory.class);
				ClientHttpConnectorBuilder<?> connectors = context.getBean(ClientHttpConnectorBuilder.class);
				assertThat(connectors.build()).isInstanceOf(JdkClientHttpConnector.class);
				assertThat(connectors.build(HttpClientSettings.ofSslBundle(BUNDLE)))
					.isNotInstanceOf(JdkClientHttpConnector.class);
			});
	}

	@Test
	void builderThatNeedsNothingStays() {
		this.contextRunner.withPropertyValues("spring.http.clients.imperative.factory=simple")
			.run((context) -> assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
				.isInstanceOf(SimpleClientHttpRequestFactoryBuilder.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "http-components", "reactor" })
	void customizersOfTheApplicationGetTheBuilderOfTheLibrary(String library) {
		this.contextRunner.withUserConfiguration(Customizers.class)
			.withPropertyValues("spring.http.clients.imperative.factory=" + library,
					"spring.http.clients.reactive.connector=" + library)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				context.getBean(ClientHttpRequestFactoryBuilder.class).build();
				context.getBean(ClientHttpConnectorBuilder.class).build();
				assertThat(context.getBean(Customizers.class).customized)
					.containsExactlyInAnyOrder(library + " builder", library + " connector");
			});
	}

	@Test
	void customizersOfOtherAutoConfigurationsGetTheBuilderOfTheLibrary() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(ZealousAutoConfiguration.class))
			.withPropertyValues("spring.http.clients.imperative.factory=reactor",
					"spring.http.clients.reactive.connector=reactor")
			.run((context) -> {
				context.getBean(ClientHttpRequestFactoryBuilder.class).build();
				context.getBean(ClientHttpConnectorBuilder.class).build();
				assertThat(context.getBean(Customizers.class).customized).containsExactlyInAnyOrder("reactor builder",
						"reactor connector");
			});
	}

	@Test
	void tlsStrategiesOfTheApplicationAreKept() {
		List<@Nullable SslBundle> asked = new CopyOnWriteArrayList<>();
		ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> customizer = (
				builder) -> builder.withTlsSocketStrategyFactory((bundle) -> {
					asked.add(bundle);
					return null;
				});
		this.contextRunner.withBean("strategies", ClientHttpRequestFactoryBuilderCustomizer.class, () -> customizer)
			.run((context) -> {
				context.getBean(ClientHttpRequestFactoryBuilder.class).build();
				assertThat(asked).containsExactly((SslBundle) null);
			});
	}

	@Test
	void buildersOfTheApplicationAreLeftAlone() {
		this.contextRunner.withUserConfiguration(Builders.class, TypedInjection.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(TypedInjection.class)
				.isEqualTo(new TypedInjection(Builders.HTTP_COMPONENTS, Builders.REACTOR,
						Builders.HTTP_COMPONENTS_CONNECTOR, Builders.REACTOR_CONNECTOR)));
	}

	@Test
	void buildersOfTheApplicationAreLeftAloneUnderTheNamesOfSpringBoot() {
		this.contextRunner.withUserConfiguration(BuildersWithNamesOfSpringBoot.class).run((context) -> {
			assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class)).isSameAs(Builders.REACTOR);
			assertThat(context.getBean(ClientHttpConnectorBuilder.class)).isSameAs(Builders.REACTOR_CONNECTOR);
		});
	}

	@Test
	void childContextUsesTheBuildersOfItsParent() {
		this.contextRunner.withPropertyValues("spring.http.clients.imperative.factory=reactor")
			.run((parent) -> new ApplicationContextRunner().withParent(parent)
				.withConfiguration(AutoConfigurations.of(HttpClientAutoConfiguration.class,
						ImperativeHttpClientAutoConfiguration.class))
				.run((child) -> assertThat(child.getBean(ClientHttpRequestFactoryBuilder.class))
					.isSameAs(parent.getBean(ClientHttpRequestFactoryBuilder.class))
					.satisfies(HttpClientBundleAutoConfigurationTests::isWrapped)));
	}

	@Test
	void buildersThatSpringBootDeclaresInChildContextArePrepared() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class))
			.withPropertyValues("spring.http.clients.imperative.factory=reactor")
			.withParent(customizersAlone())
			.run((child) -> assertThat(child.getBean(ClientHttpRequestFactoryBuilder.class))
				.satisfies(HttpClientBundleAutoConfigurationTests::isWrapped));
	}

	private static ApplicationContext customizersAlone() {
		GenericApplicationContext context = new GenericApplicationContext();
		ClientHttpRequestFactoryBuilderCustomizer<ClientHttpRequestFactoryBuilder<?>> customizer = HttpClientBundleAutoConfiguration.BuilderBeans::wrap;
		context.registerBean(ClientHttpRequestFactoryBuilderCustomizer.class, () -> customizer);
		context.refresh();
		return context;
	}

	@Test
	void reactiveWebApplicationHasBuilderBeanToo() {
		ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
			.withConfiguration(CONFIGURATIONS)
			.withBean(SpiffeSslBundle.class, () -> BUNDLE);
		runner.run((context) -> assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
			.isInstanceOf(HttpComponentsClientHttpRequestFactoryBuilder.class));
		runner.withClassLoader(new FilteredClassLoader("org.apache.hc.", "org.eclipse.jetty.client."))
			.run((context) -> assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
				.satisfies(HttpClientBundleAutoConfigurationTests::isWrapped));
	}

	@Test
	void preparesTheClientOfTheJdkAloneWithoutTheLibraries() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("org.apache.hc.", "org.eclipse.jetty.client.", "reactor.netty."))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).hasBean(REQUEST_FACTORIES).hasBean(CONNECTORS);
				assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class).build())
					.isInstanceOf(JdkClientHttpRequestFactory.class);
			});
	}

	@Test
	void blockingClientOfHttpComponentsNeedsNothingOfTheReactiveOne() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("org.apache.hc.core5.reactive.", "org.eclipse.jetty.client.",
					"reactor.netty."))
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(ClientHttpRequestFactoryBuilder.class)
				.isInstanceOf(HttpComponentsClientHttpRequestFactoryBuilder.class));
	}

	@Test
	void blockingClientOfTheJdkNeedsNothingOfTheReactiveOne() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("org.apache.hc.", "org.eclipse.jetty.client.", "reactor."))
			.run((context) -> assertThat(context).hasBean(REQUEST_FACTORIES)
				.doesNotHaveBean(CONNECTORS)
				.getBean(ClientHttpRequestFactoryBuilder.class)
				.isNotInstanceOf(JdkClientHttpRequestFactoryBuilder.class));
	}

	@Test
	void standsAsideWithoutTheBundle() {
		new ApplicationContextRunner().withConfiguration(CONFIGURATIONS).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(REQUEST_FACTORIES).doesNotHaveBean(CONNECTORS);
			assertThat(context.getBean(ClientHttpConnectorBuilder.class))
				.isInstanceOf(ReactorClientHttpConnectorBuilder.class);
		});
	}

	@Test
	void standsAsideWithoutHttpClientsOfSpringBoot() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(HttpClientBundleAutoConfiguration.class))
			.withBean(SpiffeSslBundle.class, () -> BUNDLE)
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.http.client"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(REQUEST_FACTORIES)
				.doesNotHaveBean(CONNECTORS));
	}

	@AutoConfiguration
	@Import(Customizers.class)
	static class ZealousAutoConfiguration {

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		private final List<String> customized = new CopyOnWriteArrayList<>();

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> httpComponentsBuilder() {
			return (builder) -> builder
				.withHttpClientCustomizer((client) -> this.customized.add("http-components builder"));
		}

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<ReactorClientHttpRequestFactoryBuilder> reactorBuilder() {
			return (builder) -> builder.withHttpClientCustomizer((client) -> {
				this.customized.add("reactor builder");
				return client;
			});
		}

		@Bean
		ClientHttpConnectorBuilderCustomizer<HttpComponentsClientHttpConnectorBuilder> httpComponentsConnector() {
			return (builder) -> builder
				.withHttpClientCustomizer((client) -> this.customized.add("http-components connector"));
		}

		@Bean
		ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> reactorConnector() {
			return (builder) -> builder.withHttpClientCustomizer((client) -> {
				this.customized.add("reactor connector");
				return client;
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Builders {

		static final HttpComponentsClientHttpRequestFactoryBuilder HTTP_COMPONENTS = ClientHttpRequestFactoryBuilder
			.httpComponents();

		static final ReactorClientHttpRequestFactoryBuilder REACTOR = ClientHttpRequestFactoryBuilder.reactor();

		static final HttpComponentsClientHttpConnectorBuilder HTTP_COMPONENTS_CONNECTOR = ClientHttpConnectorBuilder
			.httpComponents();

		static final ReactorClientHttpConnectorBuilder REACTOR_CONNECTOR = ClientHttpConnectorBuilder.reactor();

		@Bean
		HttpComponentsClientHttpRequestFactoryBuilder httpComponentsBuilder() {
			return HTTP_COMPONENTS;
		}

		@Bean
		ReactorClientHttpRequestFactoryBuilder reactorBuilder() {
			return REACTOR;
		}

		@Bean
		HttpComponentsClientHttpConnectorBuilder httpComponentsConnectorBuilder() {
			return HTTP_COMPONENTS_CONNECTOR;
		}

		@Bean
		ReactorClientHttpConnectorBuilder reactorConnectorBuilder() {
			return REACTOR_CONNECTOR;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BuildersWithNamesOfSpringBoot {

		@Bean
		ClientHttpRequestFactoryBuilder<?> clientHttpRequestFactoryBuilder() {
			return Builders.REACTOR;
		}

		@Bean
		ClientHttpConnectorBuilder<?> clientHttpConnectorBuilder() {
			return Builders.REACTOR_CONNECTOR;
		}

	}

	record TypedInjection(HttpComponentsClientHttpRequestFactoryBuilder httpComponents,
			ReactorClientHttpRequestFactoryBuilder reactor,
			HttpComponentsClientHttpConnectorBuilder httpComponentsConnector,
			ReactorClientHttpConnectorBuilder reactorConnector) {
	}

}
