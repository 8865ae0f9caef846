package dev.psat.spire.autoconfigure.ssl;

import java.util.ArrayList;
import java.util.List;

import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.reactive.ReactiveResponseConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;

import dev.psat.spire.SpiffeSslBundle;
import dev.psat.spire.TestIdentity;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HttpClientBundleAutoConfiguration}: which builders are replaced.
 */
class HttpClientBundleAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(HttpClientAutoConfiguration.class,
			ImperativeHttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
			HttpClientBundleAutoConfiguration.class);

	private static final SpiffeSslBundle BUNDLE = SpiffeSslBundle.of(new TestIdentity());

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS)
		.withBean(SpiffeSslBundle.class, () -> BUNDLE);

	@ParameterizedTest
	@ValueSource(strings = { "http-components", "reactor" })
	void buildersThatNeedItAreReplaced(String library) {
		this.contextRunner
			.withPropertyValues("spring.http.clients.imperative.factory=" + library,
					"spring.http.clients.reactive.connector=" + library)
			.run((context) -> {
				assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
					.isInstanceOf(BundleRequestFactoryBuilder.class);
				assertThat(context.getBean(ClientHttpConnectorBuilder.class))
					.isInstanceOf(BundleConnectorBuilder.class);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "simple" })
	void buildersThatNeedNothingStay(String library) {
		this.contextRunner.withPropertyValues("spring.http.clients.imperative.factory=" + library)
			.run((context) -> assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
				.isNotInstanceOf(BundleRequestFactoryBuilder.class));
	}

	@Test
	void customizersOfTheApplicationGetTheBuilderOfTheLibrary() {
		this.contextRunner.withUserConfiguration(Customizers.class).run((context) -> {
			assertThat(context).hasNotFailed();
			context.getBean(ClientHttpRequestFactoryBuilder.class).build();
			context.getBean(ClientHttpConnectorBuilder.class).build();
			assertThat(context.getBean(Customizers.class).customized).containsExactlyInAnyOrder("builder", "connector");
		});
	}

	@Test
	void buildersOfTheApplicationAreReplacedWhateverTheirDeclaredType() {
		this.contextRunner.withUserConfiguration(Builders.class).run((context) -> {
			assertThat(context.getBeansOfType(ClientHttpRequestFactoryBuilder.class)).hasSize(2)
				.allSatisfy((name, builder) -> assertThat(builder).isInstanceOf(BundleRequestFactoryBuilder.class));
			assertThat(context.getBean(ClientHttpConnectorBuilder.class)).isInstanceOf(BundleConnectorBuilder.class);
		});
	}

	@Test
	void reactiveWebApplicationHasBuilderBeanToo() {
		new ReactiveWebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.withBean(SpiffeSslBundle.class, () -> BUNDLE)
			.run((context) -> assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
				.isInstanceOf(BundleRequestFactoryBuilder.class));
	}

	@Test
	void standsAsideWithoutTheLibraries() {
		this.contextRunner
			.withClassLoader(
					new FilteredClassLoader(HttpClients.class, ReactiveResponseConsumer.class, HttpClient.class))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).doesNotHaveBean(ClientBuilderPostProcessor.class);
				assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
					.isInstanceOf(JdkClientHttpRequestFactoryBuilder.class);
			});
	}

	@Test
	void blockingClientOfHttpComponentsNeedsNothingOfTheReactiveOne() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(ReactiveResponseConsumer.class, HttpClient.class))
			.run((context) -> assertThat(context).hasSingleBean(ClientBuilderPostProcessor.class)
				.getBean(ClientHttpRequestFactoryBuilder.class)
				.isInstanceOf(BundleRequestFactoryBuilder.class));
	}

	@Test
	void standsAsideWithoutTheBundle() {
		new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.withUserConfiguration(Builders.class)
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(ClientBuilderPostProcessor.class);
				assertThat(context.getBeansOfType(ClientHttpRequestFactoryBuilder.class)).hasSize(2)
					.allSatisfy(
							(name, builder) -> assertThat(builder).isNotInstanceOf(BundleRequestFactoryBuilder.class));
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
				.doesNotHaveBean(HttpClientBundleAutoConfiguration.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		private final List<String> customized = new ArrayList<>();

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> builderCustomizer() {
			return (builder) -> builder.withHttpClientCustomizer((client) -> this.customized.add("builder"));
		}

		@Bean
		ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> connectorCustomizer() {
			return (builder) -> builder.withHttpClientCustomizer((client) -> {
				this.customized.add("connector");
				return client;
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Builders {

		@Bean
		ReactorClientHttpRequestFactoryBuilder reactorBuilder() {
			return ClientHttpRequestFactoryBuilder.reactor();
		}

		@Bean
		ClientHttpRequestFactoryBuilder<HttpComponentsClientHttpRequestFactory> httpComponentsBuilder() {
			return ClientHttpRequestFactoryBuilder.httpComponents();
		}

		@Bean
		ClientHttpConnectorBuilder<ReactorClientHttpConnector> connectorBuilder() {
			return ClientHttpConnectorBuilder.reactor();
		}

	}

}
