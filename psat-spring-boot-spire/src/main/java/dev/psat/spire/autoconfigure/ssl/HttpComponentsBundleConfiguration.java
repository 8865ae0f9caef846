package dev.psat.spire.autoconfigure.ssl;

import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.reactive.ReactiveResponseConsumer;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration for HttpComponents clients. By default, they verify a host name that an
 * X.509-SVID does not contain, and open a connection for each call, since they treat a
 * client with a certificate as a user whose connections must not be shared. These
 * settings are applied after those of the application's customizers.
 */
@Configuration(proxyBeanMethods = false)
final class HttpComponentsBundleConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HttpClients.class)
	static final class HttpComponentsRequestFactories {

		@Bean
		static ClientBuilderPostProcessor<HttpComponentsClientHttpRequestFactoryBuilder> spiffeHttpComponentsRequestFactoryBuilders() {
			return new ClientBuilderPostProcessor<>(HttpComponentsClientHttpRequestFactoryBuilder.class,
					(builder) -> new BundleRequestFactoryBuilder<>(builder, (bundle) -> builder
						.withConnectionManagerCustomizer(
								(connections) -> connections.setTlsSocketStrategy(HttpComponentsTlsStrategy.of(bundle)))
						.withHttpClientCustomizer(HttpClientBuilder::disableConnectionState)));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpAsyncClients.class, ReactiveResponseConsumer.class, Mono.class })
	static final class HttpComponentsConnectors {

		@Bean
		static ClientBuilderPostProcessor<HttpComponentsClientHttpConnectorBuilder> spiffeHttpComponentsConnectorBuilders() {
			return new ClientBuilderPostProcessor<>(HttpComponentsClientHttpConnectorBuilder.class,
					(builder) -> new BundleConnectorBuilder<>(builder,
							(bundle) -> builder.withConnectionManagerCustomizer(
									(connections) -> connections.setTlsStrategy(HttpComponentsTlsStrategy.of(bundle)))
								.withHttpClientCustomizer(HttpAsyncClientBuilder::disableConnectionState)));
		}

	}

}
