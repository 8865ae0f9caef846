package dev.psat.spire.http;

import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.reactive.ReactiveResponseConsumer;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * Configuration for HttpComponents clients. It comes before the customizers of the
 * application, since it cannot preserve their factory of TLS strategies.
 */
@Configuration(proxyBeanMethods = false)
final class HttpComponentsBundleConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HttpClients.class)
	static final class HttpComponentsRequestFactories {

		@Bean
		RequestFactoryBuilderCustomizer spireHttpComponentsRequestFactoryBuilderCustomizer() {
			return new RequestFactoryBuilderCustomizer(Ordered.HIGHEST_PRECEDENCE,
					(builder) -> (builder instanceof HttpComponentsClientHttpRequestFactoryBuilder httpComponents)
							? SpiffeHttpClients.prepare(httpComponents) : builder);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpAsyncClients.class, ReactiveResponseConsumer.class, Mono.class })
	static final class HttpComponentsConnectors {

		@Bean
		ConnectorBuilderCustomizer spireHttpComponentsConnectorBuilderCustomizer() {
			return new ConnectorBuilderCustomizer(Ordered.HIGHEST_PRECEDENCE,
					(builder) -> (builder instanceof HttpComponentsClientHttpConnectorBuilder httpComponents)
							? SpiffeHttpClients.prepare(httpComponents) : builder);
		}

	}

}
