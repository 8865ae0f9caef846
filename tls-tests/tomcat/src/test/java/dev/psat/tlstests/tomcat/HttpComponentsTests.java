package dev.psat.tlstests.tomcat;

import java.net.URI;
import java.util.Map;
import java.util.Set;

import javax.net.ssl.SSLPeerUnverifiedException;

import dev.psat.spire.http.SpiffeHttpClients;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.OutboundContract;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.PeerServer;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.webclient.autoconfigure.WebClientSsl;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The contract with the clients of HttpComponents, and the ways by which an application
 * comes to one.
 */
class HttpComponentsTests {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, Application.class, "spring.main.web-application-type=none",
				"spring.http.clients.imperative.factory=http-components",
				"spring.http.clients.reactive.connector=http-components", "spring.http.clients.ssl.bundle=spire",
				"spring.http.serviceclient.peer.ssl.bundle=spire");
	}

	private static String get(RestClient client, URI uri) {
		return client.get().uri(uri).retrieve().body(String.class);
	}

	private static String get(WebClient client, URI uri) {
		return client.get().uri(uri).retrieve().bodyToMono(String.class).block();
	}

	@Nested
	class BlockingClient extends Contract {

		@Override
		protected Call client(SslBundle bundle) {
			RestClient client = RestClient.builder()
				.apply(application.bean(RestClientSsl.class).fromBundle(bundle))
				.build();
			return (uri) -> get(client, uri);
		}

		@Test
		void everyWayToClientEndsInOneThatDoesNotLookForTheHostName() throws Exception {
			RestClient restClient = application.bean(RestClient.Builder.class).build();
			WebClient webClient = application.bean(WebClient.Builder.class).build();
			RestTemplate restTemplate = application.bean(RestTemplateBuilder.class).build();
			RestTemplate restTemplateWithBundle = new RestTemplateBuilder()
				.requestFactoryBuilder(application.bean(ClientHttpRequestFactoryBuilder.class))
				.sslBundle(application.bundle())
				.build();
			Service service = application.bean(Service.class);
			Map<String, Call> ways = Map.of("RestClient.Builder", (uri) -> get(restClient, uri), "WebClient.Builder",
					(uri) -> get(webClient, uri), "RestTemplateBuilder",
					(uri) -> restTemplate.getForObject(uri, String.class), "RestTemplateBuilder with bundle",
					(uri) -> restTemplateWithBundle.getForObject(uri, String.class), "HTTP service", service::call);
			try (PeerServer server = serve(Peer.LISTED)) {
				SoftAssertions.assertSoftly((softly) -> ways.forEach((way, call) -> softly
					.assertThatCode(() -> assertThat(call.get(server.uri())).isEqualTo("hello"))
					.as(way)
					.doesNotThrowAnyException()));
			}
		}

		@Test
		void builderOfTheApplicationCanBePrepared() {
			RestClient client = client(
					ClientHttpRequestFactoryBuilder.httpComponents().with(SpiffeHttpClients::prepare));
			try (PeerServer server = serve(Peer.LISTED)) {
				assertThat(get(client, server.uri())).isEqualTo("hello");
			}
		}

		@Test
		void optionsOfAnotherBundleApply() throws Exception {
			Credential credential = world.credential(Peer.LISTED);
			SslStoreBundle stores = SslStoreBundle.of(credential.keyStore(), "",
					application.bundle().getStores().getTrustStore());
			RestClient client = RestClient.builder()
				.apply(application.bean(RestClientSsl.class)
					.fromBundle(SslBundle.of(stores, SslBundleKey.NONE, SslOptions.of(null, Set.of("TLSv1.2")))))
				.build();
			try (PeerServer server = serve(credential, TlsVersion.TLS_1_3)) {
				assertThatException().isThrownBy(() -> get(client, server.uri())).withStackTraceContaining("protocol");
			}
		}

		@Test
		void isWhatTheApplicationMakes() {
			assertThat(application.bean(ClientHttpRequestFactoryBuilder.class).build())
				.isInstanceOf(HttpComponentsClientHttpRequestFactory.class);
		}

		@Test
		void builderThatIsNoBeanLooksForTheHostName() {
			RestClient client = client(ClientHttpRequestFactoryBuilder.httpComponents());
			try (PeerServer server = serve(Peer.LISTED)) {
				assertThatException().isThrownBy(() -> get(client, server.uri()))
					.havingRootCause()
					.isInstanceOf(SSLPeerUnverifiedException.class);
			}
		}

		private RestClient client(ClientHttpRequestFactoryBuilder<?> builder) {
			ClientHttpRequestFactory factory = builder.build(HttpClientSettings.ofSslBundle(application.bundle()));
			return RestClient.builder().requestFactory(factory).build();
		}

	}

	@Nested
	class ReactiveClient extends Contract {

		@Override
		protected Call client(SslBundle bundle) {
			WebClient client = WebClient.builder()
				.apply(application.bean(WebClientSsl.class).fromBundle(bundle))
				.build();
			return (uri) -> get(client, uri);
		}

	}

	abstract static class Contract extends OutboundContract {

		@Override
		protected TlsApplication application() {
			return application;
		}

	}

	interface Service {

		@GetExchange
		String call(URI uri);

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@ImportHttpServices(group = "peer", types = Service.class)
	static class Application {

		/**
		 * One may be free again only after the call that used it has returned.
		 */
		@Bean
		ClientHttpConnectorBuilderCustomizer<HttpComponentsClientHttpConnectorBuilder> singleConnection() {
			return (builder) -> builder
				.withConnectionManagerCustomizer((connections) -> connections.setMaxConnPerRoute(1));
		}

	}

}
