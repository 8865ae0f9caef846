package dev.psat.spire.http;

import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * Configuration for clients of the JDK. They cannot let go of a connection, so Spring
 * Boot's builder is wrapped, which is declared by its interface, so nobody can count on
 * the type. The wrapper comes after the customizers of the application, which want the
 * builder of the library.
 */
@Configuration(proxyBeanMethods = false)
final class JdkClientBundleConfiguration {

	@Bean
	RequestFactoryBuilderCustomizer spireJdkRequestFactoryBuilderCustomizer() {
		return new RequestFactoryBuilderCustomizer(Ordered.LOWEST_PRECEDENCE,
				(builder) -> (builder instanceof JdkClientHttpRequestFactoryBuilder jdk)
						? SpiffeHttpClients.prepare(jdk) : builder);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Mono.class)
	static final class JdkConnectors {

		@Bean
		ConnectorBuilderCustomizer spireJdkConnectorBuilderCustomizer() {
			return new ConnectorBuilderCustomizer(Ordered.LOWEST_PRECEDENCE,
					(builder) -> (builder instanceof JdkClientHttpConnectorBuilder jdk) ? SpiffeHttpClients.prepare(jdk)
							: builder);
		}

	}

}
