package dev.psat.tlstests.jetty;

import dev.psat.tlstests.OutboundContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/**
 * The contract with the client of Jetty, to which nothing is done. It has one connection
 * at a time, since it answers before its pool has the last one back, and would open
 * another now and then.
 */
class JettyClientTests extends OutboundContract {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, Application.class, "spring.main.web-application-type=none",
				"spring.http.clients.imperative.factory=jetty");
	}

	@Override
	protected TlsApplication application() {
		return application;
	}

	@Override
	protected Call client(SslBundle bundle) {
		RestClient client = RestClient.builder()
			.apply(application.bean(RestClientSsl.class).fromBundle(bundle))
			.build();
		return (uri) -> client.get().uri(uri).retrieve().body(String.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<JettyClientHttpRequestFactoryBuilder> oneConnection() {
			return (builder) -> builder.withHttpClientCustomizer((client) -> client.setMaxConnectionsPerDestination(1));
		}

	}

}
