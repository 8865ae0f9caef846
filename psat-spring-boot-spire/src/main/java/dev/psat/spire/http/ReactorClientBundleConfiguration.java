package dev.psat.spire.http;

import reactor.netty.http.client.HttpClient;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * Configuration for Reactor Netty clients. Their customizers do not see the bundle, so
 * Spring Boot's builder is wrapped. It is declared by its interface, so nobody can count
 * on the type. The wrapper comes after the customizers of the application, which want the
 * builder of the library.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(HttpClient.class)
final class ReactorClientBundleConfiguration {

	@Bean
	RequestFactoryBuilderCustomizer spireReactorRequestFactoryBuilderCustomizer() {
		return new RequestFactoryBuilderCustomizer(Ordered.LOWEST_PRECEDENCE,
				(builder) -> (builder instanceof ReactorClientHttpRequestFactoryBuilder reactor)
						? new BundleRequestFactoryBuilder<>(reactor,
								(bundle) -> SpiffeHttpClients.prepare(reactor, bundle))
						: builder);
	}

	@Bean
	ConnectorBuilderCustomizer spireReactorConnectorBuilderCustomizer() {
		return new ConnectorBuilderCustomizer(Ordered.LOWEST_PRECEDENCE,
				(builder) -> (builder instanceof ReactorClientHttpConnectorBuilder reactor)
						? new BundleConnectorBuilder<>(reactor, (bundle) -> SpiffeHttpClients.prepare(reactor, bundle))
						: builder);
	}

}
