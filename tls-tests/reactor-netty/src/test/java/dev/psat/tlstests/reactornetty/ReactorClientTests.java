package dev.psat.tlstests.reactornetty;

import java.util.function.Function;

import javax.net.ssl.SSLContext;

import dev.psat.spire.http.SpiffeHttpClients;
import dev.psat.support.Matrix;
import dev.psat.tlstests.HttpIdentityContract;
import dev.psat.tlstests.OutboundContract;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.PeerServer;
import dev.psat.tlstests.Policy;
import dev.psat.tlstests.RedirectContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The contract with the clients of Reactor Netty, in a reactive web application: there
 * Spring Boot itself has no builder for {@link RestClient}.
 */
@Matrix
class ReactorClientTests {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, Application.class,
				world.withIdentityBundle("server.port=0", "spring.http.clients.ssl.bundle=spire"));
	}

	@Nested
	class BlockingClient extends Contract {

		BlockingClient() {
			super((bundle) -> Call.blocking(application, bundle));
		}

		@Override
		Call client() {
			return Call.of(application.bean(RestClient.Builder.class).build());
		}

	}

	@Nested
	class ReactiveClient extends Contract {

		ReactiveClient() {
			super((bundle) -> Call.reactive(application, bundle));
		}

		@Override
		Call client() {
			return Call.of(application.bean(WebClient.Builder.class).build());
		}

		@Test
		void builderOfTheApplicationCanBePrepared() throws Exception {
			JdkSslContext another = new JdkSslContext(SSLContext.getDefault(), true, null,
					IdentityCipherSuiteFilter.INSTANCE, ApplicationProtocolConfig.DISABLED, ClientAuth.NONE, null,
					false);
			Policy policy = new Policy();
			ReactorClientHttpConnectorBuilder builder = ClientHttpConnectorBuilder.reactor()
				.withHttpClientCustomizer((client) -> client.secure((spec) -> spec.sslContext(another)))
				.with((reactor) -> SpiffeHttpClients.prepare(reactor, application.bundle().authorizing(policy)));
			Call client = Call.of(WebClient.builder().clientConnector(builder.build()).build());
			try (PeerServer server = serve(Peer.LISTED)) {
				assertThat(client.get(server.closingUri())).isEqualTo("hello");
				policy.shrink(true);
				assertThatException().isThrownBy(() -> client.get(server.closingUri()));
			}
		}

	}

	@Nested
	class BlockingClientRedirects extends RedirectContract {

		@Override
		protected TlsApplication application() {
			return application;
		}

		@Override
		protected Exchange client(HttpClientSettings settings) {
			return Exchange.of(application.bean(ClientHttpRequestFactoryBuilder.class).build(settings));
		}

	}

	@Nested
	class BlockingClientWithIdentityBundle extends HttpIdentityContract {

		BlockingClientWithIdentityBundle() {
			super(application, (bundle) -> Call.blocking(application, bundle));
		}

	}

	@Nested
	class ReactiveClientWithIdentityBundle extends HttpIdentityContract {

		ReactiveClientWithIdentityBundle() {
			super(application, (bundle) -> Call.reactive(application, bundle));
		}

	}

	abstract static class Contract extends OutboundContract {

		Contract(Function<SslBundle, Call> clients) {
			super(application, clients);
		}

		abstract Call client();

		@Test
		void clientOfTheApplicationHasTheBundleOfItsProperties() throws Exception {
			try (PeerServer server = serve(Peer.LISTED)) {
				assertThat(client().get(server.uri())).isEqualTo("hello");
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		/**
		 * One may be free again only after the call that used it has returned.
		 */
		@Bean
		ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> singleConnection() {
			return (builder) -> builder
				.withHttpClientFactory(() -> HttpClient.create(ConnectionProvider.create("single", 1)));
		}

	}

}
