package dev.psat.docs.recipes;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.psat.docs.ShopApplication;
import dev.psat.docs.SimulatedShop;
import dev.psat.docs.recipes.RecordingServer.Request;
import dev.psat.spire.SpireIdentity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.vault.authentication.ClientCertificateAuthentication;
import org.springframework.vault.authentication.KubernetesAuthentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the recipes of those who log in by their identity.
 */
class AuthorizationRecipeTests {

	private static SimulatedShop shop;

	@BeforeAll
	static void start() {
		shop = new SimulatedShop();
	}

	@AfterAll
	static void stop() {
		shop.close();
	}

	@Test
	void managerOfAnApplicationWithoutWebServer() throws IOException {
		try (RecordingServer server = new RecordingServer(
				"{\"access_token\":\"granted\",\"token_type\":\"Bearer\",\"expires_in\":60}");
				var orders = run(OAuth2.class, "as.url=" + server.url())) {
			OAuth2AuthorizeRequest request = OAuth2AuthorizeRequest.withClientRegistrationId("keycloak")
				.principal("orders")
				.build();
			assertThat(Objects.requireNonNull(orders.getBean(OAuth2AuthorizedClientManager.class).authorize(request))
				.getAccessToken()
				.getTokenValue()).isEqualTo("granted");
			String jwtSvid = orders.getBean(SpireIdentity.class).jwtSvid(server.url()).token();
			assertThat(server.latest().body().split("&")).containsExactlyInAnyOrder("grant_type=client_credentials",
					"client_id=orders",
					"client_assertion_type=" + URLEncoder
						.encode("urn:ietf:params:oauth:client-assertion-type:jwt-spiffe", StandardCharsets.UTF_8),
					"client_assertion=" + jwtSvid);
		}
	}

	@Test
	void vault() throws IOException {
		try (RecordingServer server = new RecordingServer("{\"auth\":{\"client_token\":\"hvs.1\"}}");
				var orders = run(VaultIdentityConfiguration.class, "vault.uri=" + server.url(),
						"spire.identity-bundles.spire-web.trust=jvm")) {
			assertThat(orders.getBean(KubernetesAuthentication.class).login().getToken()).isEqualTo("hvs.1");
			Request jwt = server.latest();
			assertThat(jwt.path()).isEqualTo("/v1/auth/jwt/login");
			assertThat(jwt.body()).contains("\"role\":\"orders\"",
					"\"jwt\":\"" + orders.getBean(SpireIdentity.class).jwtSvid("vault").token() + "\"");
			assertThat(orders.getBean(ClientCertificateAuthentication.class).login().getToken()).isEqualTo("hvs.1");
			assertThat(server.latest().path()).isEqualTo("/v1/auth/cert/login");
			assertThat(server.latest().body()).contains("\"name\":\"orders\"");
		}
	}

	@Test
	void credentialsForVaultFollowNoRedirect() throws IOException {
		try (RecordingServer server = new RecordingServer("{\"auth\":{\"client_token\":\"hvs.1\"}}");
				var orders = run(VaultIdentityConfiguration.class, "vault.uri=" + server.url(),
						"spire.identity-bundles.spire-web.trust=jvm")) {
			server.redirectTo("/elsewhere");
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> orders.getBean(KubernetesAuthentication.class).login());
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> orders.getBean(ClientCertificateAuthentication.class).login());
			assertThat(server.requests()).extracting(Request::path)
				.containsExactly("/v1/auth/jwt/login", "/v1/auth/cert/login");
		}
	}

	private static ConfigurableApplicationContext run(Class<?> source, String... properties) {
		ConfigurableApplicationContext context = ShopApplication.run(source, "",
				Stream.of(shop.pod("orders"), List.of(properties), List.of("spring.main.web-application-type=none"))
					.flatMap(List::stream)
					.toList());
		await().until(() -> context.getBean(SpireIdentity.class).status().state().isUp());
		return context;
	}

	@Configuration(proxyBeanMethods = false)
	@Import(OAuth2ManagerConfiguration.class)
	static class OAuth2 {

		@Bean
		InMemoryClientRegistrationRepository registrations(@Value("${as.url}") String url) {
			return new InMemoryClientRegistrationRepository(ClientRegistration.withRegistrationId("keycloak")
				.clientId("orders")
				.clientAuthenticationMethod(new ClientAuthenticationMethod("spiffe_jwt"))
				.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
				.tokenUri(url + "/token")
				.issuerUri(url)
				.build());
		}

		@Bean
		InMemoryOAuth2AuthorizedClientService service(ClientRegistrationRepository registrations) {
			return new InMemoryOAuth2AuthorizedClientService(registrations);
		}

	}

}
