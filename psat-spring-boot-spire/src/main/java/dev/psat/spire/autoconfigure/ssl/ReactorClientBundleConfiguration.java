package dev.psat.spire.autoconfigure.ssl;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.psat.spire.SpiffeSslBundle;

/**
 * Configuration for Reactor Netty clients. Spring Boot configures them with the managers
 * of the bundle, with which sessions would outlive the SVID and the authorization
 * decision. The context is set after the application's customizers have been applied.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(HttpClient.class)
final class ReactorClientBundleConfiguration {

	@Bean
	static ClientBuilderPostProcessor<ReactorClientHttpRequestFactoryBuilder> spiffeReactorRequestFactoryBuilders() {
		return new ClientBuilderPostProcessor<>(ReactorClientHttpRequestFactoryBuilder.class,
				(builder) -> new BundleRequestFactoryBuilder<>(builder,
						(bundle) -> builder.withHttpClientCustomizer((client) -> secure(client, bundle))));
	}

	@Bean
	static ClientBuilderPostProcessor<ReactorClientHttpConnectorBuilder> spiffeReactorConnectorBuilders() {
		return new ClientBuilderPostProcessor<>(ReactorClientHttpConnectorBuilder.class,
				(builder) -> new BundleConnectorBuilder<>(builder,
						(bundle) -> builder.withHttpClientCustomizer((client) -> secure(client, bundle))));
	}

	private static HttpClient secure(HttpClient client, SpiffeSslBundle bundle) {
		JdkSslContext context = new JdkSslContext(bundle.createSslContext(), true, null,
				IdentityCipherSuiteFilter.INSTANCE, ApplicationProtocolConfig.DISABLED, ClientAuth.NONE, null, false);
		return client.secure((spec) -> spec.sslContext(context));
	}

}
