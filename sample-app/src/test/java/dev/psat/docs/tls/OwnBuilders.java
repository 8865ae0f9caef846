package dev.psat.docs.tls;

// tag::builders[]
import dev.psat.spire.http.SpiffeHttpClients;
import dev.psat.spire.ssl.SpiffeSslBundle;
// end::builders[]

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

// tag::builders[]
@Configuration(proxyBeanMethods = false)
class OwnBuilders {

	@Bean
	HttpComponentsClientHttpRequestFactoryBuilder requestFactoryBuilder() {
		return ClientHttpRequestFactoryBuilder.httpComponents().with(SpiffeHttpClients::prepare);
	}

	@Bean
	ReactorClientHttpConnectorBuilder connectorBuilder(SpiffeSslBundle bundle) {
		return ClientHttpConnectorBuilder.reactor().with((builder) -> SpiffeHttpClients.prepare(builder, bundle));
	}

}
// end::builders[]
