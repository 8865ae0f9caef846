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
 * Clients of Reactor Netty, which Spring Boot gives the managers of the bundle: their
 * sessions would outlive the SVID and the decision who may connect. The context comes
 * after all that customizers of the application have set.
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
