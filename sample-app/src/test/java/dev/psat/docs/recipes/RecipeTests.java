package dev.psat.docs.recipes;

import java.io.IOException;

import dev.psat.actuate.endpoint.PsatEndpoint;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.PsatEndpointAutoConfiguration;
import dev.psat.autoconfigure.health.PsatHealthContributorAutoConfiguration;
import dev.psat.autoconfigure.metrics.PsatMetricsAutoConfiguration;
import dev.psat.docs.recipes.RecordingServer.Request;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.vault.authentication.KubernetesAuthentication;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the recipes: each sends the newest token of its own file to a server, and
 * leaves the attestor with the token for SPIRE.
 */
class RecipeTests {

	@Test
	void bearerHeader() throws IOException {
		try (SimulatedKubelet kubelet = kubelet("inventory");
				RecordingServer server = new RecordingServer("\"many\"")) {
			run(BearerConfiguration.class, (context) -> {
				RestClient client = context.getBean(RestClient.class);
				String token = rotate(kubelet, context, "inventoryTokenSource");
				assertThat(client.get().uri("/stock").retrieve().body(String.class)).contains("many");
				assertThat(server.latest()).isEqualTo(new Request("/stock", "Bearer " + token, ""));
			}, "inventory.token-path=" + kubelet.tokenPath(), "inventory.url=" + server.url());
		}
	}

	@Test
	void sourceIsShownByItsName() {
		try (SimulatedKubelet kubelet = kubelet("inventory")) {
			run(BearerConfiguration.class, (context) -> {
				HealthIndicator health = context.getBean("inventoryTokenSourceHealthIndicator", HealthIndicator.class);
				assertThat(String.valueOf(health.health())).contains("UP", "VALID");
				PsatEndpoint endpoint = context.getBean(PsatEndpoint.class);
				assertThat(endpoint.psat().getSources()).containsExactly("psat", "inventoryTokenSource");
				assertThat(JsonMapper.shared().writeValueAsString(endpoint.source("inventoryTokenSource")))
					.contains(kubelet.tokenPath().toString());
				assertThat(context.getBean(MeterRegistry.class)
					.get("spire.psat.token.usable")
					.tag("source", "inventoryTokenSource")
					.gauge()
					.value()).isOne();
			}, "inventory.token-path=" + kubelet.tokenPath(), "inventory.url=http://localhost");
		}
	}

	@Test
	void vault() throws IOException {
		try (SimulatedKubelet kubelet = kubelet("vault");
				RecordingServer server = new RecordingServer("{\"auth\":{\"client_token\":\"hvs.1\"}}")) {
			run(VaultConfiguration.class, (context) -> {
				KubernetesAuthentication authentication = context.getBean(KubernetesAuthentication.class);
				String token = rotate(kubelet, context, "vaultTokenSource");
				assertThat(authentication.login().getToken()).isEqualTo("hvs.1");
				Request request = server.latest();
				assertThat(request.path()).isEqualTo("/v1/auth/kubernetes/login");
				assertThat(request.body()).contains("\"role\":\"orders\"", "\"jwt\":\"" + token + "\"");
			}, "vault.token-path=" + kubelet.tokenPath(), "vault.uri=" + server.url());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "private_key_jwt", "none" })
	void clientAssertion(String method) throws IOException {
		String audience = "https://login.example.com/realms/shop";
		try (SimulatedKubelet kubelet = kubelet(audience);
				RecordingServer server = new RecordingServer(
						"{\"access_token\":\"granted\",\"token_type\":\"Bearer\",\"expires_in\":60}")) {
			run(OAuth2Configuration.class, (context) -> {
				String token = rotate(kubelet, context, "assertionTokenSource");
				assertThat(client(context).getTokenResponse(request(server.url(), method))
					.getAccessToken()
					.getTokenValue()).isEqualTo("granted");
				assertThat(server.latest().authorization()).isNull();
				assertThat(server.latest().body().split("&")).containsExactlyInAnyOrder("grant_type=client_credentials",
						"client_id=orders",
						"client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer",
						"client_assertion=" + token);
			}, "assertion.token-path=" + kubelet.tokenPath(), "assertion.audience=" + audience);
		}
	}

	@SuppressWarnings("unchecked")
	private static OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> client(
			ApplicationContext context) {
		return context.getBean(OAuth2AccessTokenResponseClient.class);
	}

	private static OAuth2ClientCredentialsGrantRequest request(String url, String method) {
		return new OAuth2ClientCredentialsGrantRequest(ClientRegistration.withRegistrationId("shop")
			.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
			.clientAuthenticationMethod(new ClientAuthenticationMethod(method))
			.clientId("orders")
			.tokenUri(url + "/token")
			.build());
	}

	private static SimulatedKubelet kubelet(String audience) {
		return SimulatedKubelet.builder().audience(audience).build();
	}

	private static String rotate(SimulatedKubelet kubelet, ApplicationContext context, String source) {
		String token = kubelet.rotate();
		// more than a poll interval: the machine may have no file events left
		await().until(() -> token.equals(context.getBean(source, TokenSource.class).value()));
		return token;
	}

	private static void run(Class<?> recipe, Recipe test, String... properties) {
		try (SimulatedKubelet spire = SimulatedKubelet.builder().build()) {
			new ApplicationContextRunner()
				.withConfiguration(
						AutoConfigurations.of(PsatAutoConfiguration.class, PsatEndpointAutoConfiguration.class,
								PsatHealthContributorAutoConfiguration.class, PsatMetricsAutoConfiguration.class,
								MetricsAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
				.withUserConfiguration(recipe)
				.withPropertyValues("spire.psat.cluster=demo-cluster", "spire.psat.token-path=" + spire.tokenPath(),
						"management.endpoints.web.exposure.include=psat")
				.withPropertyValues(properties)
				.run((context) -> {
					test.run(context);
					assertThat(context.getBean(TokenSource.class).value()).isEqualTo(spire.token());
				});
		}
	}

	@FunctionalInterface
	private interface Recipe {

		void run(ApplicationContext context);

	}

}
