package dev.psat.spire.http;

import org.eclipse.jetty.client.HttpClient;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.JettyClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * Configuration for Jetty clients, whose connections end and are replaced in time, and
 * which follow no redirect out of HTTPS.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(HttpClient.class)
final class JettyClientBundleConfiguration {

	@Bean
	RequestFactoryBuilderCustomizer spireJettyRequestFactoryBuilderCustomizer() {
		return new RequestFactoryBuilderCustomizer(Ordered.HIGHEST_PRECEDENCE,
				(builder) -> (builder instanceof JettyClientHttpRequestFactoryBuilder jetty)
						? SpiffeHttpClients.prepare(jetty) : builder);
	}

	@Bean
	ConnectorBuilderCustomizer spireJettyConnectorBuilderCustomizer() {
		return new ConnectorBuilderCustomizer(Ordered.HIGHEST_PRECEDENCE,
				(builder) -> (builder instanceof JettyClientHttpConnectorBuilder jetty)
						? SpiffeHttpClients.prepare(jetty) : builder);
	}

}
