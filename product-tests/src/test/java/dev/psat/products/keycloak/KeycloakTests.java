package dev.psat.products.keycloak;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

import dev.psat.products.CorporateAuthority;
import dev.psat.products.Recipe;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponse;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.util.UriComponentsBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Clients that authenticate with a JWT-SVID, and those that do with an X.509-SVID at a
 * token endpoint with a certificate of a classic CA.
 */
class KeycloakTests {

	private static final String REGISTRATION = "spring.security.oauth2.client.registration.";

	private static final String REDIRECT_URI = "https://orders.example.org/login/oauth2/code/keycloak";

	private static final TlsWorld world = new TlsWorld();

	private static final Keycloak keycloak = new Keycloak(world);

	private static @Nullable TlsApplication application;

	private static String running = "";

	@BeforeAll
	static void start() {
		keycloak.start();
	}

	@AfterAll
	static void stop() {
		world.close();
		keycloak.close();
	}

	/**
	 * Return an application with a JWT-SVID.
	 */
	private static TlsApplication jwt() {
		return run("keycloak.yaml", (recipe) -> recipe
			.with("spring.security.oauth2.client.provider.keycloak.issuer-uri=" + keycloak.issuer())
			.with(registration("login", "orders", "authorization_code", "spiffe_jwt"))
			.with(REGISTRATION + "login.redirect-uri=" + REDIRECT_URI)
			.with(registration("astray", "orders", "client_credentials", "spiffe_jwt"))
			.with("spire.psat.oauth2.client.astray.audience=" + keycloak.issuer() + "/protocol/openid-connect/token")
			.with(registration("other", "mailer", "client_credentials", "spiffe_jwt"))
			.with(registration("secret", "orders-secret", "client_credentials", "client_secret_basic"))
			.with(REGISTRATION + "secret.client-secret=open-sesame"), Application.class);
	}

	private static String[] registration(String id, String client, String grant, String method) {
		return new String[] { REGISTRATION + id + ".provider=keycloak", REGISTRATION + id + ".client-id=" + client,
				REGISTRATION + id + ".authorization-grant-type=" + grant,
				REGISTRATION + id + ".client-authentication-method=" + method };
	}

	/**
	 * Return an application with an X.509-SVID.
	 */
	private static TlsApplication x509(String issuer) {
		return run("keycloak-x509.yaml",
				(recipe) -> recipe.with(CorporateAuthority.property(world),
						"spring.security.oauth2.client.provider.keycloak.token-uri=" + issuer
								+ "/protocol/openid-connect/token"),
				X509Application.class);
	}

	/**
	 * Run one application at a time, since all are in the same pod.
	 */
	private static TlsApplication run(String file, UnaryOperator<Recipe> more, Class<?> source) {
		Recipe recipe = more.apply(Recipe.of(file)).with("products.wanted=security.oauth2.client");
		TlsApplication current = application;
		if (current == null || !running.equals(recipe.toString())) {
			if (current != null) {
				current.close();
			}
			current = recipe.run(world, source);
			application = current;
			running = recipe.toString();
		}
		return current;
	}

	@ParameterizedTest
	@EnumSource
	void clientCredentialsAreGrantedAgainAndAgain(Grants grants) {
		assertThat(clientCredentials(grants, "keycloak").getAccessToken().getTokenValue())
			// the JWT-SVID is the same, and Keycloak accepts it once more
			.isNotEqualTo(clientCredentials(grants, "keycloak").getAccessToken().getTokenValue());
	}

	@ParameterizedTest
	@EnumSource
	void codeIsExchangedAndTheTokenRefreshed(Grants grants) {
		ClientRegistration login = find("login");
		OAuth2AuthorizationRequest request = OAuth2AuthorizationRequest.authorizationCode()
			.clientId(login.getClientId())
			.authorizationUri(Objects.requireNonNull(login.getProviderDetails().getAuthorizationUri()))
			.redirectUri(REDIRECT_URI)
			.state("state-1")
			.build();
		URI back = new Browser().logIn(request.getAuthorizationRequestUri());
		Map<String, String> query = UriComponentsBuilder.fromUri(back).build().getQueryParams().toSingleValueMap();
		OAuth2AuthorizationResponse response = OAuth2AuthorizationResponse
			.success(Objects.requireNonNull(query.get("code")))
			.redirectUri(REDIRECT_URI)
			.state("state-1")
			.build();
		OAuth2AccessTokenResponse granted = grants.ask(jwt().context(),
				new OAuth2AuthorizationCodeGrantRequest(login, new OAuth2AuthorizationExchange(request, response)));
		assertThat(granted.getRefreshToken()).isNotNull();
		OAuth2AccessTokenResponse refreshed = grants.ask(jwt().context(),
				new OAuth2RefreshTokenGrantRequest(login, granted.getAccessToken(), granted.getRefreshToken()));
		assertThat(refreshed.getAccessToken().getTokenValue()).isNotEqualTo(granted.getAccessToken().getTokenValue());
	}

	@ParameterizedTest
	@EnumSource
	void jwtSvidForTheTokenEndpointInsteadOfTheIssuerIsRefused(Grants grants) {
		assertThatExceptionOfType(OAuth2AuthorizationException.class)
			.isThrownBy(() -> clientCredentials(grants, "astray"))
			.withMessageContaining("Invalid token audience");
	}

	@ParameterizedTest
	@EnumSource
	void clientWithAnotherSpiffeIdIsRefused(Grants grants) {
		assertThatExceptionOfType(OAuth2AuthorizationException.class)
			.isThrownBy(() -> clientCredentials(grants, "other"))
			.withMessageContaining("client_id parameter does not match authenticated client");
	}

	@ParameterizedTest
	@EnumSource
	void clientSecretWorksAsWithoutUs(Grants grants) {
		assertThat(clientCredentials(grants, "secret").getAccessToken()).isNotNull();
	}

	@ParameterizedTest
	@EnumSource
	void jwtSvidOfAnotherEntryIsAccepted(Grants grants) {
		String before = jwt().identity().jwtSvid(keycloak.issuer()).token();
		jwt().rotate();
		assertThat(clientCredentials(grants, "keycloak").getAccessToken()).isNotNull();
		assertThat(jwt().identity().jwtSvid(keycloak.issuer()).token()).isNotEqualTo(before);
	}

	@Test
	void keycloakThatComesBackIsAsked() {
		keycloak.stop();
		try {
			assertThatExceptionOfType(OAuth2AuthorizationException.class)
				.isThrownBy(() -> clientCredentials(Grants.SERVLET, "keycloak"));
			assertThatExceptionOfType(WebClientRequestException.class)
				.isThrownBy(() -> clientCredentials(Grants.REACTIVE, "keycloak"));
		}
		finally {
			keycloak.start();
		}
		assertThat(Grants.values())
			.allSatisfy((grants) -> assertThat(clientCredentials(grants, "keycloak").getAccessToken()).isNotNull());
	}

	/**
	 * Keycloak compares the subject, whose common name is the first DNS name of the
	 * entry.
	 */
	@Test
	void clientIsKnownByTheDnsNameInItsX509Svid() {
		TlsApplication nameless = x509(keycloak.tlsIssuer());
		assertThatExceptionOfType(OAuth2AuthorizationException.class).isThrownBy(() -> clientCredentials(nameless))
			.withMessageContaining("invalid_client");
		nameless.close();
		world.changeEntry((entry) -> entry.dnsNames("orders"));
		running = "";
		TlsApplication named = x509(keycloak.tlsIssuer());
		assertThat(clientCredentials(named).getAccessToken()).isNotNull();
		named.rotate();
		assertThat(clientCredentials(named).getAccessToken()).isNotNull();
		// the certificate is for localhost
		TlsApplication astray = x509(keycloak.tlsIssuer().replace("localhost", "127.0.0.1"));
		assertThatExceptionOfType(OAuth2AuthorizationException.class).isThrownBy(() -> clientCredentials(astray))
			.withMessageContaining("127.0.0.1");
	}

	private static OAuth2AccessTokenResponse clientCredentials(TlsApplication application) {
		return Grants.SERVLET.ask(application.context(), new OAuth2ClientCredentialsGrantRequest(Objects
			.requireNonNull(application.bean(ClientRegistrationRepository.class).findByRegistrationId("keycloak"))));
	}

	/**
	 * As of another SPIRE Server that says to be the same trust domain.
	 */
	@Test
	void jwtSvidOfAnotherAuthorityIsRefused() {
		try (TlsWorld forged = new TlsWorld()) {
			TlsApplication forger = Recipe.of("keycloak.yaml")
				.with("products.wanted=security.oauth2.client",
						"spring.security.oauth2.client.provider.keycloak.issuer-uri=" + keycloak.issuer())
				.run(forged, Application.class);
			assertThatExceptionOfType(OAuth2AuthorizationException.class).isThrownBy(() -> clientCredentials(forger))
				.withMessageContaining("Invalid client or Invalid client credentials");
		}
	}

	private static OAuth2AccessTokenResponse clientCredentials(Grants grants, String registration) {
		return grants.ask(jwt().context(), new OAuth2ClientCredentialsGrantRequest(find(registration)));
	}

	private static ClientRegistration find(String registration) {
		return Objects
			.requireNonNull(jwt().bean(ClientRegistrationRepository.class).findByRegistrationId(registration));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(X509ClientConfiguration.class)
	static class X509Application {

	}

}
