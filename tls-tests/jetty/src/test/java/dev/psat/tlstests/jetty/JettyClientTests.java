package dev.psat.tlstests.jetty;

import dev.psat.support.Matrix;
import dev.psat.tlstests.Door;
import dev.psat.tlstests.HttpIdentityContract;
import dev.psat.tlstests.OutboundContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The contracts with the client of Jetty. It has one connection at a time, since it
 * answers before its pool has the last one back, and would open another now and then.
 */
@Matrix
class JettyClientTests {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld(Door.WORKLOAD_API);
		application = TlsApplication.run(world, Application.class, world.withIdentityBundle(
				"spring.main.web-application-type=none", "spring.http.clients.imperative.factory=jetty"));
	}

	@Nested
	class Client extends OutboundContract {

		Client() {
			super(application, (bundle) -> Call.blocking(application, bundle));
		}

	}

	@Nested
	class ClientWithIdentityBundle extends HttpIdentityContract {

		ClientWithIdentityBundle() {
			super(application, (bundle) -> Call.blocking(application, bundle));
		}

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
