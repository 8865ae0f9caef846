package dev.psat.docs.recipes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import dev.psat.docs.ShopApplication;
import dev.psat.docs.SimulatedShop;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.test.SimulatedSpireServer;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the recipes of those who call by their identity, and of those who know them
 * by it.
 */
class IdentityRecipeTests {

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	private static final String BILLING = "spiffe://partner.org/ns/pay/sa/billing";

	private static final String INVENTORY = "spiffe://example.org/ns/shop/sa/inventory";

	private static SimulatedShop shop;

	private static ConfigurableApplicationContext orders;

	private final JwtSvidClients clients = new JwtSvidClients();

	@BeforeAll
	static void start() {
		shop = new SimulatedShop();
		orders = run(Nothing.class, "orders", "spring.main.web-application-type=none");
	}

	@AfterAll
	static void stop() {
		orders.close();
		shop.close();
	}

	@Test
	void jwtSvid() {
		try (var inventory = run(ResourceServer.class, "inventory", "server.ssl.bundle=spire")) {
			String url = url(inventory);
			assertThat(call(this.clients.inventoryClient(rest(orders), orders.getBean(SpireIdentity.class), url)))
				.isEqualTo(ORDERS);
			WebClient.Builder web = WebClient.builder().clientConnector(new JdkClientHttpConnector(http(orders)));
			assertThat(this.clients.inventoryWebClient(web, orders.getBean(SpireIdentity.class), url)
				.get()
				.uri("/caller")
				.retrieve()
				.bodyToMono(String.class)
				.block()).isEqualTo(ORDERS);
			RestClient other = this.clients.inventoryClient(rest(inventory), inventory.getBean(SpireIdentity.class),
					url);
			assertThatExceptionOfType(HttpClientErrorException.Forbidden.class).isThrownBy(() -> call(other));
			RestClient without = rest(orders).baseUrl(url).build();
			assertThatExceptionOfType(HttpClientErrorException.Unauthorized.class).isThrownBy(() -> call(without));
		}
	}

	@Test
	void jwtSvidOfAnotherTrustDomain() {
		List<String> pod = shop.pod("inventory");
		try (SimulatedSpireServer partner = SimulatedSpireServer.builder().trustDomain("partner.org").build()) {
			shop.federate(partner);
			try (var inventory = run(FederatedResourceServer.class, pod, "server.ssl.bundle=spire",
					"spire.federates-with=partner.org")) {
				RestClient.Builder client = rest(orders).baseUrl(url(inventory));
				assertThat(call(withToken(client, orders.getBean(SpireIdentity.class).jwtSvid(INVENTORY).token())))
					.isEqualTo(ORDERS);
				assertThat(call(withToken(client, partner.mint().jwtSvid(BILLING, INVENTORY)))).isEqualTo(BILLING);
				RestClient unauthorized = withToken(client,
						partner.mint().jwtSvid("spiffe://partner.org/ns/shop/sa/orders", INVENTORY));
				assertThatExceptionOfType(HttpClientErrorException.Forbidden.class)
					.isThrownBy(() -> call(unauthorized));
				RestClient forged = withToken(client, partner.mint().jwtSvid(ORDERS, INVENTORY));
				assertThatExceptionOfType(HttpClientErrorException.Unauthorized.class).isThrownBy(() -> call(forged));
				// which the partner's own inventory may have received, and could pass on
				RestClient passedOn = withToken(client,
						orders.getBean(SpireIdentity.class).jwtSvid("inventory").token());
				assertThatExceptionOfType(HttpClientErrorException.Unauthorized.class).isThrownBy(() -> call(passedOn));
			}
		}
	}

	@Test
	void x509Svid() {
		try (var inventory = run(Callers.class, "inventory", "server.ssl.bundle=spire")) {
			assertThat(call(rest(orders).baseUrl(url(inventory)).build())).isEqualTo(ORDERS);
			RestClient unknown = rest(inventory).baseUrl(url(inventory)).build();
			assertThatExceptionOfType(HttpClientErrorException.Forbidden.class).isThrownBy(() -> call(unknown));
		}
	}

	@Test
	void jwtSvidOverGrpc() throws IOException {
		assertThat(grpc(
				TlsServerCredentials.newBuilder()
					.keyManager(bundle(orders).getManagers().getKeyManagers())
					.trustManager(bundle(orders).getManagers().getTrustManagers())
					.clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
					.build(),
				TlsChannelCredentials.newBuilder()
					.keyManager(bundle(orders).getManagers().getKeyManagers())
					.trustManager(bundle(orders).getManagers().getTrustManagers())
					.build()))
			.isEqualTo("Bearer " + orders.getBean(SpireIdentity.class).jwtSvid("inventory").token());
	}

	@Test
	void jwtSvidGoesOverNoOpenGrpcConnection() {
		assertThatExceptionOfType(StatusRuntimeException.class)
			.isThrownBy(() -> grpc(InsecureServerCredentials.create(), InsecureChannelCredentials.create()))
			.withMessage("UNAUTHENTICATED: A JWT-SVID is only for private connections");
	}

	private static ConfigurableApplicationContext run(Class<?> source, String serviceAccount, String... properties) {
		return run(source, shop.pod(serviceAccount), properties);
	}

	private static ConfigurableApplicationContext run(Class<?> source, List<String> pod, String... properties) {
		Stream<String> all = Stream.of("spire.bundle.authorize-any-client=true",
				"spire.bundle.authorize-any-server=true", "server.port=0");
		ConfigurableApplicationContext context = ShopApplication.run(source, "",
				Stream.of(all, pod.stream(), Stream.of(properties)).flatMap((part) -> part).toList());
		await().until(() -> context.getBean(SpireIdentity.class).status().state().isUp());
		return context;
	}

	private static SpiffeSslBundle bundle(ConfigurableApplicationContext caller) {
		return caller.getBean(SpiffeSslBundle.class);
	}

	private static HttpClient http(ConfigurableApplicationContext caller) {
		return HttpClient.newBuilder().sslContext(bundle(caller).createSslContext()).build();
	}

	private static RestClient.Builder rest(ConfigurableApplicationContext caller) {
		return RestClient.builder().requestFactory(new JdkClientHttpRequestFactory(http(caller)));
	}

	private static RestClient withToken(RestClient.Builder client, String token) {
		return client.clone().defaultHeaders((headers) -> headers.setBearerAuth(token)).build();
	}

	private static String url(ConfigurableApplicationContext server) {
		return "https://localhost:" + server.getEnvironment().getRequiredProperty("local.server.port");
	}

	private static @Nullable String call(RestClient client) {
		return client.get().uri("/caller").retrieve().body(String.class);
	}

	private static String grpc(ServerCredentials serverCredentials, ChannelCredentials channelCredentials)
			throws IOException {
		MethodDescriptor<String, String> method = MethodDescriptor.newBuilder(new Text(), new Text())
			.setType(MethodDescriptor.MethodType.UNARY)
			.setFullMethodName("inventory/Stock")
			.build();
		Server server = NettyServerBuilder
			.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), serverCredentials)
			.addService(ServerServiceDefinition.builder("inventory")
				.addMethod(method, IdentityRecipeTests::answerWithAuthorization)
				.build())
			.build()
			.start();
		ManagedChannel channel = Grpc.newChannelBuilder("localhost:" + server.getPort(), channelCredentials).build();
		try {
			return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT.withCallCredentials(
					new JwtSvidCredentials(orders.getBean(SpireIdentity.class), "inventory")), "apples");
		}
		finally {
			channel.shutdownNow();
			server.shutdownNow();
		}
	}

	private static ServerCall.Listener<String> answerWithAuthorization(ServerCall<String, String> call,
			Metadata headers) {
		call.request(1);
		call.sendHeaders(new Metadata());
		call.sendMessage(
				String.valueOf(headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER))));
		call.close(Status.OK, new Metadata());
		return new ServerCall.Listener<>() {
		};
	}

	/**
	 * Messages that are text, instead of generated ones.
	 */
	private static final class Text implements MethodDescriptor.Marshaller<String> {

		@Override
		public InputStream stream(String value) {
			return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public String parse(InputStream stream) {
			try {
				return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebSecurity
	@Import({ ResourceServerConfiguration.class, CallerController.class })
	static class ResourceServer {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebSecurity
	@Import({ FederatedResourceServerConfiguration.class, CallerController.class })
	static class FederatedResourceServer {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebSecurity
	@Import({ CallersConfiguration.class, CallerController.class })
	static class Callers {

	}

}
