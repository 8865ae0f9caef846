package dev.psat.products.keycloak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the recipe does with a token endpoint that redirects.
 */
class X509ClientConfigurationTests {

	private final List<String> paths = new CopyOnWriteArrayList<>();

	private HttpServer server;

	@BeforeEach
	void start() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/elsewhere", (exchange) -> {
			this.paths.add("/elsewhere");
			byte[] answer = "{\"access_token\":\"granted\",\"token_type\":\"Bearer\"}".getBytes();
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, answer.length);
			exchange.getResponseBody().write(answer);
			exchange.close();
		});
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 303, 307, 308 })
	void redirectIsNotFollowed(int status) {
		this.server.createContext("/token", (exchange) -> redirect(exchange, status));
		OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> client = new X509ClientConfiguration()
			.clientCredentialsClient(new DefaultSslBundleRegistry("spire-web", SslBundle.of(SslStoreBundle.NONE)));
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> client.getTokenResponse(request()));
		assertThat(this.paths).containsExactly("/token");
	}

	private void redirect(HttpExchange exchange, int status) throws IOException {
		this.paths.add("/token");
		exchange.getRequestBody().readAllBytes();
		exchange.getResponseHeaders().set("Location", "/elsewhere");
		exchange.sendResponseHeaders(status, -1);
		exchange.close();
	}

	private OAuth2ClientCredentialsGrantRequest request() {
		return new OAuth2ClientCredentialsGrantRequest(ClientRegistration.withRegistrationId("keycloak")
			.clientId("orders-x509")
			.clientAuthenticationMethod(ClientAuthenticationMethod.TLS_CLIENT_AUTH)
			.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
			.tokenUri("http://localhost:%d/token".formatted(this.server.getAddress().getPort()))
			.build());
	}

}
