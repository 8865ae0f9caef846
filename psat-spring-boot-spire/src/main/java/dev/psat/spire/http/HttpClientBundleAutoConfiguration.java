package dev.psat.spire.http;

import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.ssl.SvidSslBundle;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JettyClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.ResourceLoader;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for HTTP clients that use an SSL
 * bundle of the identity. Those called simple only need
 * {@link SvidSslBundle#createSslContext()}. For the others, Spring Boot's
 * {@link ClientHttpRequestFactoryBuilder} and {@link ClientHttpConnectorBuilder} beans
 * build clients with a {@link SvidSslBundle} differently, and all others as usual.
 * <p>
 * A builder that the application declares or creates is left alone, so with such a bundle
 * its clients follow a redirect that leaves HTTPS, except those of the JDK, and use a
 * connection for as long as the server likes. In addition, one of HttpComponents opens a
 * connection for each call, and with a {@link SpiffeSslBundle} verifies the host name and
 * fails with {@code SSLPeerUnverifiedException}; one of Reactor Netty may resume a
 * session after the server was revoked or is no longer authorized, and presents the
 * X.509-SVID with which the session began. {@link SpiffeHttpClients} prepares such a
 * builder.
 *
 * @since 0.1.0
 */
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@AutoConfiguration(after = SpireAutoConfiguration.class,
		afterName = "org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration")
@ConditionalOnClass({ ClientHttpRequestFactory.class, ClientHttpRequestFactoryBuilder.class,
		ClientHttpRequestFactoryBuilderCustomizer.class, ClientHttpConnectorBuilder.class,
		ClientHttpConnectorBuilderCustomizer.class, HttpClientSettings.class })
@ConditionalOnBean(SpiffeSslBundle.class)
public final class HttpClientBundleAutoConfiguration {

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ClientHttpRequestFactoryBuilderCustomizer<ClientHttpRequestFactoryBuilder<?>> spireRequestFactoryBuilderPreparation() {
		return BuilderBeans::prepare;
	}

	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	ClientHttpRequestFactoryBuilderCustomizer<ClientHttpRequestFactoryBuilder<?>> spireRequestFactoryBuilderWrapper() {
		return BuilderBeans::wrap;
	}

	/**
	 * A reactive web application has no such bean, and {@code RestClient} would use an
	 * equivalent builder that cannot be prepared.
	 */
	@Bean
	@ConditionalOnMissingBean
	ClientHttpRequestFactoryBuilder<?> clientHttpRequestFactoryBuilder(ResourceLoader resourceLoader) {
		return BuilderBeans
			.wrap(BuilderBeans.prepare(ClientHttpRequestFactoryBuilder.detect(resourceLoader.getClassLoader())));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Mono.class)
	static final class Connectors {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		ClientHttpConnectorBuilderCustomizer<ClientHttpConnectorBuilder<?>> spireConnectorBuilderPreparation() {
			return BuilderBeans::prepare;
		}

		@Bean
		@Order(Ordered.LOWEST_PRECEDENCE)
		ClientHttpConnectorBuilderCustomizer<ClientHttpConnectorBuilder<?>> spireConnectorBuilderWrapper() {
			return BuilderBeans::wrap;
		}

	}

	/**
	 * Prepares Spring Boot's builders, before or after the customizers of the
	 * application.
	 */
	static final class BuilderBeans {

		private BuilderBeans() {
		}

		/**
		 * Before, since this cannot preserve the application's factory of TLS strategies.
		 */
		static ClientHttpRequestFactoryBuilder<?> prepare(ClientHttpRequestFactoryBuilder<?> builder) {
			if (builder instanceof HttpComponentsClientHttpRequestFactoryBuilder httpComponents) {
				return SpiffeHttpClients.prepare(httpComponents);
			}
			return (builder instanceof JettyClientHttpRequestFactoryBuilder jetty) ? SpiffeHttpClients.prepare(jetty)
					: builder;
		}

		static ClientHttpConnectorBuilder<?> prepare(ClientHttpConnectorBuilder<?> builder) {
			if (builder instanceof HttpComponentsClientHttpConnectorBuilder httpComponents) {
				return SpiffeHttpClients.prepare(httpComponents);
			}
			return (builder instanceof JettyClientHttpConnectorBuilder jetty) ? SpiffeHttpClients.prepare(jetty)
					: builder;
		}

		/**
		 * After, since customizers want the builder that this wraps. The bean is declared
		 * by its interface, so no code can count on the type.
		 */
		static ClientHttpRequestFactoryBuilder<?> wrap(ClientHttpRequestFactoryBuilder<?> builder) {
			if (builder instanceof JdkClientHttpRequestFactoryBuilder jdk) {
				return SpiffeHttpClients.prepare(jdk);
			}
			return (builder instanceof ReactorClientHttpRequestFactoryBuilder reactor) ? ReactorClients.wrap(reactor)
					: builder;
		}

		static ClientHttpConnectorBuilder<?> wrap(ClientHttpConnectorBuilder<?> builder) {
			if (builder instanceof JdkClientHttpConnectorBuilder jdk) {
				return SpiffeHttpClients.prepare(jdk);
			}
			return (builder instanceof ReactorClientHttpConnectorBuilder reactor) ? ReactorClients.wrap(reactor)
					: builder;
		}

	}

}
