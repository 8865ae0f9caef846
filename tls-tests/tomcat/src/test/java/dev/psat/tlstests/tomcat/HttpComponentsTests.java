package dev.psat.tlstests.tomcat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLPeerUnverifiedException;

import dev.psat.spire.http.SpiffeHttpClients;
import dev.psat.support.Matrix;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.OutboundContract;
import dev.psat.tlstests.Peer;
import dev.psat.tlstests.PeerServer;
import dev.psat.tlstests.RedirectContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsVersion;
import dev.psat.tlstests.TlsWorld;
import org.apache.hc.core5.http.HttpHost;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
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
@Matrix
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

	@Nested
	class BlockingClient extends OutboundContract {

		BlockingClient() {
			super(application, (bundle) -> Call.blocking(application, bundle));
		}

		@Test
		void everyWayToClientEndsInOneThatDoesNotLookForTheHostName() throws Exception {
			RestTemplate restTemplate = application.bean(RestTemplateBuilder.class).build();
			RestTemplate restTemplateWithBundle = new RestTemplateBuilder()
				.requestFactoryBuilder(application.bean(ClientHttpRequestFactoryBuilder.class))
				.sslBundle(application.bundle())
				.build();
			Service service = application.bean(Service.class);
			Map<String, Call> ways = Map.of("RestClient.Builder",
					Call.of(application.bean(RestClient.Builder.class).build()), "WebClient.Builder",
					Call.of(application.bean(WebClient.Builder.class).build()), "RestTemplateBuilder",
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
		void builderOfTheApplicationCanBePrepared() throws Exception {
			Call client = Call.of(ClientHttpRequestFactoryBuilder.httpComponents().with(SpiffeHttpClients::prepare),
					application.bundle());
			try (PeerServer server = serve(Peer.LISTED)) {
				assertThat(client.get(server.uri())).isEqualTo("hello");
			}
		}

		@Test
		void optionsOfAnotherBundleApply() throws Exception {
			Credential credential = world.credential(Peer.LISTED);
			SslStoreBundle stores = SslStoreBundle.of(credential.keyStore(), "",
					application.bundle().getStores().getTrustStore());
			Call client = client(SslBundle.of(stores, SslBundleKey.NONE, SslOptions.of(null, Set.of("TLSv1.2"))));
			try (PeerServer server = serve(credential, TlsVersion.TLS_1_3)) {
				assertThatException().isThrownBy(() -> client.get(server.uri())).withStackTraceContaining("protocol");
			}
		}

		@Test
		void builderThatIsNoBeanLooksForTheHostName() {
			Call client = Call.of(ClientHttpRequestFactoryBuilder.httpComponents(), application.bundle());
			try (PeerServer server = serve(Peer.LISTED)) {
				assertThatException().isThrownBy(() -> client.get(server.uri()))
					.havingRootCause()
					.isInstanceOf(SSLPeerUnverifiedException.class);
			}
		}

	}

	@Nested
	class ReactiveClient extends OutboundContract {

		ReactiveClient() {
			super(application, (bundle) -> Call.reactive(application, bundle));
		}

	}

	/**
	 * The builder makes one client while it makes another, and no longer knows which one
	 * has the bundle.
	 */
	@Nested
	class RedirectsOfClientAroundAnother extends Redirects {

		@Override
		protected Exchange client(HttpClientSettings settings) {
			HttpComponentsClientHttpRequestFactoryBuilder builder = ClientHttpRequestFactoryBuilder.httpComponents()
				.with(SpiffeHttpClients::prepare);
			return Exchange
				.of(builder.withConnectionManagerCustomizer((connections) -> builder.build()).build(settings));
		}

		@Override
		protected boolean leavesHttpsOtherwise() {
			return false;
		}

	}

	/**
	 * Its answer is that of nobody whom the bundle knows, and HttpComponents takes it for
	 * one of the server.
	 */
	@Test
	void followsNoRedirectOfProxyThatLeavesHttps() throws Exception {
		List<String> requests = new CopyOnWriteArrayList<>();
		try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			CompletableFuture.runAsync(() -> redirectAll(proxy, requests));
			HttpComponentsClientHttpRequestFactoryBuilder builder = ClientHttpRequestFactoryBuilder.httpComponents()
				.with(SpiffeHttpClients::prepare)
				.withHttpClientCustomizer((client) -> client.setProxy(new HttpHost("localhost", proxy.getLocalPort())));
			RestClient client = RestClient.builder()
				.requestFactory(builder.build(HttpClientSettings.ofSslBundle(application.bundle())))
				.build();
			ResponseEntity<Void> answer = client.get().uri("https://inventory/").retrieve().toBodilessEntity();
			assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.FOUND);
			assertThat(answer.getHeaders().getFirst("Location")).isEqualTo("http://inventory/");
			assertThat(requests).hasSize(1).allMatch((request) -> request.startsWith("CONNECT "));
		}
	}

	private static void redirectAll(ServerSocket proxy, List<String> requests) {
		while (!proxy.isClosed()) {
			try (Socket socket = proxy.accept()) {
				BufferedReader reader = new BufferedReader(
						new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
				requests.add(reader.readLine());
				while (!reader.readLine().isEmpty()) {
					// headers
				}
				socket.getOutputStream()
					.write("HTTP/1.1 302 Found\r\nLocation: http://inventory/\r\nContent-Length: 0\r\n\r\n"
						.getBytes(StandardCharsets.US_ASCII));
			}
			catch (IOException ex) {
				// by close()
			}
		}
	}

	@Nested
	class ReactiveClientRedirects extends Redirects {

		@Override
		protected Exchange client(HttpClientSettings settings) {
			return Exchange.of(application.bean(ClientHttpConnectorBuilder.class).build(settings));
		}

	}

	abstract static class Redirects extends RedirectContract {

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
