package dev.psat.spire.oauth2;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.security.TestJwtAuthority;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.security.oauth2.client.endpoint.AbstractOAuth2AuthorizationGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What the beans do with each grant, and with what the token endpoint answers.
 */
@ExtendWith(OutputCaptureExtension.class)
abstract class TokenResponseClientContract {

	private static final String REFUSED_BY_SPRING = "This class supports `client_secret_basic`, `client_secret_post`, and `none` by default.";

	/**
	 * Short, but within it the JDK's client also connects and sends the request, which
	 * has to arrive.
	 */
	private static final Duration READ_TIMEOUT = Duration.ofMillis(200);

	private static final String REDIRECT_URI = "https://orders.example.org/back";

	final IssuingIdentity identity = new IssuingIdentity();

	@AutoClose
	final TestAuthorizationServer server = new TestAuthorizationServer(TestJwtAuthority.ORDERS,
			this.identity::authorities);

	final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
				SpireOAuth2ClientAutoConfiguration.class))
		.withBean(SpireIdentity.class, () -> this.identity)
		.withPropertyValues("spire.psat.cluster=demo", "spire.psat.token-path=/no/such/token");

	/**
	 * Ask by the bean for the type of the request.
	 */
	abstract OAuth2AccessTokenResponse ask(ApplicationContext context, AbstractOAuth2AuthorizationGrantRequest request);

	/**
	 * Ask an endpoint that may take this long.
	 */
	abstract OAuth2AccessTokenResponse ask(Duration readTimeout, OAuth2ClientCredentialsGrantRequest request);

	@Test
	void clientCredentialsAreGranted() {
		this.contextRunner.run((context) -> {
			assertThat(ask(context, clientCredentials("spiffe_jwt")).getAccessToken().getTokenValue())
				.isEqualTo("client_credentials-1");
			assertThat(this.server.forms()).singleElement()
				.satisfies((form) -> assertThat(form.toSingleValueMap())
					.containsOnlyKeys("grant_type", "client_id", "client_assertion_type", "client_assertion", "scope")
					.containsEntry("scope", "read write"));
			assertThat(this.identity.audiences()).containsExactly(this.server.issuer());
		});
	}

	@Test
	void refreshTokenIsGranted() {
		this.contextRunner.run((context) -> {
			assertThat(ask(context, refreshToken()).getAccessToken().getTokenValue()).isEqualTo("refresh_token-1");
			assertThat(this.server.forms().get(0)).containsEntry("refresh_token", List.of("refresh-0"));
		});
	}

	/**
	 * An answer names what has changed alone, and Spring Security keeps the rest.
	 */
	@Test
	void refreshTokenAndScopesStayIfTheAnswerNamesNone() {
		this.server.answer((exchange) -> TestAuthorizationServer.respond(exchange, 200,
				"{\"access_token\":\"access-1\",\"token_type\":\"Bearer\",\"expires_in\":30}"));
		this.contextRunner.run((context) -> {
			OAuth2AccessTokenResponse response = ask(context, refreshToken());
			assertThat(response.getAccessToken().getTokenValue()).isEqualTo("access-1");
			assertThat(response.getAccessToken().getScopes()).containsExactly("read");
			assertThat(response.getRefreshToken()).extracting(OAuth2RefreshToken::getTokenValue).isEqualTo("refresh-0");
			assertThat(ask(context, clientCredentials("spiffe_jwt")).getRefreshToken()).isNull();
		});
	}

	@Test
	void refreshTokenAndScopesOfTheAnswerCount() {
		this.server.answer((exchange) -> TestAuthorizationServer.respond(exchange, 200,
				"{\"access_token\":\"access-1\",\"token_type\":\"Bearer\",\"refresh_token\":\"refresh-1\",\"scope\":\"write\"}"));
		this.contextRunner.run((context) -> {
			OAuth2AccessTokenResponse response = ask(context, refreshToken());
			assertThat(response.getAccessToken().getScopes()).containsExactly("write");
			assertThat(response.getRefreshToken()).extracting(OAuth2RefreshToken::getTokenValue).isEqualTo("refresh-1");
		});
	}

	@Test
	void authorizationCodeIsGranted() {
		this.contextRunner.run((context) -> {
			assertThat(ask(context, authorizationCode()).getAccessToken().getTokenValue())
				.isEqualTo("authorization_code-1");
			assertThat(this.server.forms().get(0)).containsEntry("code", List.of(TestAuthorizationServer.CODE));
		});
	}

	@Test
	void eachRequestAsksForTheJwtSvid() {
		this.contextRunner.run((context) -> {
			ask(context, clientCredentials("spiffe_jwt"));
			ask(context, clientCredentials("spiffe_jwt"));
			assertThat(this.server.forms()).extracting((form) -> form.getFirst("client_assertion"))
				.containsExactlyElementsOf(this.identity.tokens())
				.doesNotHaveDuplicates();
		});
	}

	@Test
	void audienceOfTheApplicationIsUsed() {
		this.contextRunner.withPropertyValues("spire.psat.oauth2.client.as-client.audience=" + this.server.issuer())
			.run((context) -> {
				ClientRegistration elsewhere = registration("spiffe_jwt").issuerUri("https://elsewhere.example.org")
					.build();
				ask(context, new OAuth2ClientCredentialsGrantRequest(elsewhere));
				ask(context,
						new OAuth2ClientCredentialsGrantRequest(registration("spiffe_jwt").issuerUri(null).build()));
				assertThat(this.identity.audiences()).containsExactly(this.server.issuer(), this.server.issuer());
			});
	}

	@Test
	void refusalOfTheAuthorizationServerIsThatOfSpringSecurity() {
		this.contextRunner.withPropertyValues("spire.psat.oauth2.client.as-client.audience=elsewhere")
			.run((context) -> {
				assertThatExceptionOfType(OAuth2AuthorizationException.class)
					.isThrownBy(() -> ask(context, clientCredentials("spiffe_jwt")))
					.withMessageContaining("invalid_client")
					.withMessageContaining("aud")
					.satisfies(this::holdsNoToken);
			});
	}

	@Test
	void registrationWithoutAudienceIsRefused() {
		this.contextRunner.run((context) -> {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> ask(context,
						new OAuth2ClientCredentialsGrantRequest(registration("spiffe_jwt").issuerUri(null).build())))
				.withMessageContaining("'as-client'")
				.withMessageContaining("'spire.psat.oauth2.client.as-client.audience'");
			assertThat(this.server.forms()).isEmpty();
		});
	}

	@Test
	void clientSecretWorksAsWithoutUs() {
		this.contextRunner.run((context) -> {
			assertThat(ask(context, clientCredentials("client_secret_basic")).getAccessToken().getTokenValue())
				.isEqualTo("client_credentials-1");
			assertThat(this.server.forms().get(0)).doesNotContainKeys("client_id", "client_assertion");
			assertThat(this.identity.audiences()).isEmpty();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "private_key_jwt", "tls_client_auth", "SPIFFE_JWT" })
	void methodThatSpringSecurityRefusesIsRefusedAsWithoutUs(String method) {
		this.contextRunner.run((context) -> {
			for (AbstractOAuth2AuthorizationGrantRequest request : List.of(clientCredentials(method),
					new OAuth2RefreshTokenGrantRequest(registration(method).build(), accessToken(),
							new OAuth2RefreshToken("refresh-0", Instant.now())))) {
				assertThatIllegalArgumentException().isThrownBy(() -> ask(context, request))
					.withMessageContaining(REFUSED_BY_SPRING);
			}
			assertThat(this.server.forms()).isEmpty();
			assertThat(this.identity.audiences()).isEmpty();
		});
	}

	@Test
	void failureOfTheJwtSvidIsOneOfSpringSecurityAndNamesTheReason() {
		this.identity.issueBy((audience) -> {
			throw IssuingIdentity.unavailable();
		});
		this.contextRunner.run((context) -> {
			assertThatExceptionOfType(OAuth2AuthorizationException.class)
				.isThrownBy(() -> ask(context, clientCredentials("spiffe_jwt")))
				.withMessage(
						"[jwt_svid_unavailable] There is no JWT-SVID to authenticate the client 'as-client' with: The SPIRE Server is away")
				.withCauseInstanceOf(SvidUnavailableException.class);
			assertThat(this.server.forms()).isEmpty();
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 303, 307, 308 })
	void redirectIsNotFollowed(int status) {
		this.server.redirect(status);
		this.contextRunner.run((context) -> {
			assertThatExceptionOfType(OAuth2AuthorizationException.class)
				.isThrownBy(() -> ask(context, clientCredentials("spiffe_jwt")))
				.withMessage("[invalid_token_response] The token endpoint redirects (%d), which is not followed"
					.formatted(status))
				.satisfies(this::holdsNoToken);
			assertThat(this.server.others()).isEmpty();
		});
	}

	@Test
	void errorOfTheTokenEndpointIsOneOfSpringSecurity() {
		this.server.answer((exchange) -> TestAuthorizationServer.respond(exchange, 400,
				"{\"error\":\"invalid_grant\",\"error_description\":\"spent\"}"));
		this.contextRunner.run((context) -> assertThatExceptionOfType(OAuth2AuthorizationException.class)
			.isThrownBy(() -> ask(context, clientCredentials("spiffe_jwt")))
			.withMessage("[invalid_grant] spent"));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "{\"error\":\"invalid_client\",\"error_description\":\"unknown %s\"}", "{\"access_token\":%s" })
	void noGrantShowsAJwtSvidThatTheAuthorizationServerEchoes(String answer) {
		this.server.answer((exchange) -> TestAuthorizationServer.respond(exchange, 400,
				answer.formatted(this.identity.tokens().get(this.identity.tokens().size() - 1))));
		this.contextRunner.run((context) -> {
			for (AbstractOAuth2AuthorizationGrantRequest request : List.of(clientCredentials("spiffe_jwt"),
					refreshToken(), authorizationCode())) {
				assertThatExceptionOfType(OAuth2AuthorizationException.class).isThrownBy(() -> ask(context, request))
					.satisfies(this::holdsNoToken);
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "<html>", "{\"token_type\":\"Bearer\"}" })
	void answerThatIsNoneIsOneOfSpringSecurity(String answer) {
		this.server.answer((exchange) -> TestAuthorizationServer.respond(exchange, 200, answer));
		this.contextRunner.run((context) -> assertThatExceptionOfType(OAuth2AuthorizationException.class)
			.isThrownBy(() -> ask(context, clientCredentials("spiffe_jwt")))
			.satisfies(this::holdsNoToken));
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 404, 500, 503 })
	void errorThatIsNoneIsOneOfSpringSecurity(int status) {
		for (String answer : List.of("", "{", "<html>", "{}")) {
			this.server.answer((exchange) -> TestAuthorizationServer.respond(exchange, status, answer));
			this.contextRunner.run((context) -> assertThatExceptionOfType(OAuth2AuthorizationException.class)
				.isThrownBy(() -> ask(context, clientCredentials("spiffe_jwt")))
				.satisfies(this::holdsNoToken));
		}
	}

	@Test
	void silentTokenEndpointIsNotWaitedForWithoutEnd() {
		this.server.answer((exchange) -> {
		});
		assertFailsSoon();
	}

	@Test
	void tokenEndpointThatStopsInTheMiddleIsNotWaitedForWithoutEnd() {
		this.server.answer((exchange) -> {
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, 1000);
			exchange.getResponseBody().write('{');
			exchange.getResponseBody().flush();
		});
		assertFailsSoon();
	}

	@Test
	void redirectThatStopsInTheMiddleIsNotWaitedForWithoutEnd() {
		this.server.answer((exchange) -> {
			exchange.getResponseHeaders().set("Location", "/elsewhere");
			exchange.sendResponseHeaders(302, 1000);
			exchange.getResponseBody().write('{');
			exchange.getResponseBody().flush();
		});
		assertFailsSoon();
	}

	@ParameterizedTest
	@ValueSource(ints = { 200, 302, 400, 500 })
	void tokenEndpointThatAnswersSlowlyIsNotWaitedForWithoutEnd(int status) {
		this.server.answer((exchange) -> {
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(status, 0);
			try {
				while (!Thread.currentThread().isInterrupted()) {
					exchange.getResponseBody().write(' ');
					exchange.getResponseBody().flush();
					TimeUnit.MILLISECONDS.sleep(20);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		assertFailsSoon();
	}

	private void assertFailsSoon() {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> ask(READ_TIMEOUT, clientCredentials("spiffe_jwt")))
			.satisfies((ex) -> assertThat(ex).isInstanceOfAny(expectedOfSpring()))
			.satisfies(this::holdsNoToken);
		// on a machine that is busy, the time may be up before the form has arrived
		assertThat(this.server.forms()).hasSizeLessThan(2);
	}

	/**
	 * Return what a client of Spring Security throws if there is no answer.
	 */
	abstract Class<?>[] expectedOfSpring();

	@Test
	void tokenEndpointThatComesBackIsAsked() {
		this.server.answer((exchange) -> exchange.close());
		this.contextRunner.run((context) -> {
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> ask(context, clientCredentials("spiffe_jwt")))
				.satisfies((ex) -> assertThat(ex).isInstanceOfAny(expectedOfSpring()))
				.satisfies(this::holdsNoToken);
			this.server.answer(null);
			assertThat(ask(context, clientCredentials("spiffe_jwt")).getAccessToken()).isNotNull();
		});
	}

	@Test
	void closedPortIsOneOfSpringSecurity() {
		ClientRegistration registration = registration("spiffe_jwt").build();
		this.server.close();
		this.contextRunner.run((context) -> assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> ask(context, new OAuth2ClientCredentialsGrantRequest(registration)))
			.satisfies((ex) -> assertThat(ex).isInstanceOfAny(expectedOfSpring())));
	}

	@Test
	void noTokenIsLogged(CapturedOutput output) {
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		try {
			logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.TRACE);
			this.contextRunner.run((context) -> {
				ask(context, clientCredentials("spiffe_jwt"));
				ask(context, refreshToken());
				ask(context, authorizationCode());
			});
		}
		finally {
			logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.INFO);
		}
		assertThat(output).contains("token");
		assertThat(this.identity.tokens()).hasSize(3).allSatisfy((token) -> {
			assertThat(output).doesNotContain(token);
			assertThat(output).doesNotContain(token.substring(token.lastIndexOf('.') + 1));
		});
	}

	/**
	 * Not even at level trace.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "400 | {'error':'%s','error_description':'%s'}", "401 | {'error':'%s'}", "500 | {'error':'%s'}",
					"200 | {'access_token':'%s','token_type':'Bearer'}", "200 | {'scope':'%s'}", "200 | {%s" },
			quoteCharacter = '#')
	void noTokenIsLoggedThatTheAuthorizationServerEchoes(int status, String answer, CapturedOutput output) {
		this.server.answer((exchange) -> TestAuthorizationServer.respond(exchange, status,
				answer.replace('\'', '"').replace("%s", this.identity.tokens().get(0).split("\\.")[2])));
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		try {
			logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.TRACE);
			this.contextRunner.run((context) -> catchThrowable(() -> ask(context, clientCredentials("spiffe_jwt"))));
		}
		finally {
			logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.INFO);
		}
		String signature = this.identity.tokens().get(0).split("\\.")[2];
		assertThat(output.getAll().lines().filter((line) -> line.contains(signature.substring(0, 16)))).isEmpty();
	}

	private void holdsNoToken(Throwable failure) {
		StringWriter trace = new StringWriter();
		failure.printStackTrace(new PrintWriter(trace));
		assertThat(this.identity.tokens()).isNotEmpty()
			.allSatisfy((token) -> assertThat(trace.toString()).doesNotContain(token.substring(0, 30))
				.doesNotContain(token.substring(token.lastIndexOf('.') + 1)));
	}

	final OAuth2ClientCredentialsGrantRequest clientCredentials(String method) {
		return new OAuth2ClientCredentialsGrantRequest(registration(method).build());
	}

	private OAuth2RefreshTokenGrantRequest refreshToken() {
		return new OAuth2RefreshTokenGrantRequest(registration("spiffe_jwt").build(), accessToken(),
				new OAuth2RefreshToken("refresh-0", Instant.now()));
	}

	private static OAuth2AccessToken accessToken() {
		return new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, "access-0", Instant.now().minusSeconds(60),
				Instant.now(), Set.of("read"));
	}

	private OAuth2AuthorizationCodeGrantRequest authorizationCode() {
		ClientRegistration registration = registration("spiffe_jwt")
			.authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
			.authorizationUri("https://as.example.org/authorize")
			.redirectUri(REDIRECT_URI)
			.build();
		OAuth2AuthorizationRequest request = OAuth2AuthorizationRequest.authorizationCode()
			.clientId(registration.getClientId())
			.authorizationUri("https://as.example.org/authorize")
			.redirectUri(REDIRECT_URI)
			.state("state-1")
			.build();
		OAuth2AuthorizationResponse response = OAuth2AuthorizationResponse.success(TestAuthorizationServer.CODE)
			.redirectUri(REDIRECT_URI)
			.state("state-1")
			.build();
		return new OAuth2AuthorizationCodeGrantRequest(registration,
				new OAuth2AuthorizationExchange(request, response));
	}

	final ClientRegistration.Builder registration(String method) {
		return ClientRegistration.withRegistrationId("as-client")
			.clientId(TestAuthorizationServer.CLIENT)
			.clientSecret(method.startsWith("client_secret") ? TestAuthorizationServer.SECRET : "")
			.clientAuthenticationMethod(new ClientAuthenticationMethod(method))
			.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
			.scope("read", "write")
			.tokenUri(this.server.tokenUri())
			.issuerUri(this.server.issuer());
	}

}
