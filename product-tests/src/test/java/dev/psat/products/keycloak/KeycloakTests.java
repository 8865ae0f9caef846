package dev.psat.products.keycloak;

import java.net.URI;
import java.util.Map;
import java.util.Objects;

import dev.psat.products.Recipe;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
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
 * Clients that authenticate with a JWT-SVID.
 */
class KeycloakTests {

	private static final String REGISTRATION = "spring.security.oauth2.client.registration.";

	private static final String REDIRECT_URI = "https://orders.example.org/login/oauth2/code/keycloak";

	private static final TlsWorld world = new TlsWorld();

	private static final Keycloak keycloak = new Keycloak(world);

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		keycloak.start();
		application = Recipe.of("keycloak.yaml")
			.with("products.wanted=security.oauth2.client",
					"spring.security.oauth2.client.provider.keycloak.issuer-uri=" + keycloak.issuer())
			.with(registration("login", "orders", "authorization_code", "spiffe_jwt"))
			.with(REGISTRATION + "login.redirect-uri=" + REDIRECT_URI)
			.with(registration("astray", "orders", "client_credentials", "spiffe_jwt"))
			.with("spire.psat.oauth2.client.astray.audience=" + keycloak.issuer() + "/protocol/openid-connect/token")
			.with(registration("other", "mailer", "client_credentials", "spiffe_jwt"))
			.with(registration("secret", "orders-secret", "client_credentials", "client_secret_basic"))
			.with(REGISTRATION + "secret.client-secret=open-sesame")
			.run(world, Application.class);
	}

	@AfterAll
	static void stop() {
		world.close();
		keycloak.close();
	}

	private static String[] registration(String id, String client, String grant, String method) {
		return new String[] { REGISTRATION + id + ".provider=keycloak", REGISTRATION + id + ".client-id=" + client,
				REGISTRATION + id + ".authorization-grant-type=" + grant,
				REGISTRATION + id + ".client-authentication-method=" + method };
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
		OAuth2AccessTokenResponse granted = grants.ask(application.context(),
				new OAuth2AuthorizationCodeGrantRequest(login, new OAuth2AuthorizationExchange(request, response)));
		assertThat(granted.getRefreshToken()).isNotNull();
		OAuth2AccessTokenResponse refreshed = grants.ask(application.context(),
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
		String before = application.identity().jwtSvid(keycloak.issuer()).token();
		application.rotate();
		assertThat(clientCredentials(grants, "keycloak").getAccessToken()).isNotNull();
		assertThat(application.identity().jwtSvid(keycloak.issuer()).token()).isNotEqualTo(before);
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

	private static OAuth2AccessTokenResponse clientCredentials(Grants grants, String registration) {
		return grants.ask(application.context(), new OAuth2ClientCredentialsGrantRequest(find(registration)));
	}

	private static ClientRegistration find(String registration) {
		return Objects
			.requireNonNull(application.bean(ClientRegistrationRepository.class).findByRegistrationId(registration));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
