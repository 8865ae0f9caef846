package dev.psat.spire.oauth2;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.security.TestJwtAuthority;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.security.oauth2.client.autoconfigure.reactive.ReactiveOAuth2ClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.ClientAuthorizationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.ReactiveOAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.server.AuthenticatedPrincipalServerOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.client.web.server.ServerOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.test.web.reactive.server.SecurityMockServerConfigurers;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.UriComponentsBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The beans in the hands of Spring Security, in a reactive application.
 */
class ReactiveOAuth2ClientTests {

	private final IssuingIdentity identity = new IssuingIdentity();

	@AutoClose
	private final TestAuthorizationServer server = new TestAuthorizationServer(TestJwtAuthority.ORDERS,
			this.identity::authorities);

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
				SpireOAuth2ClientAutoConfiguration.class, ReactiveOAuth2ClientAutoConfiguration.class))
		.withUserConfiguration(Secured.class)
		.withBean(SpireIdentity.class, () -> this.identity)
		.withPropertyValues("spire.psat.cluster=demo", "spire.psat.token-path=/no/such/token",
				"spring.security.oauth2.client.provider.as.issuer-uri=" + this.server.issuer());

	private final ReactiveWebApplicationContextRunner clientCredentials = this.contextRunner
		.withPropertyValues(this.server.registration("bank", "client_credentials", "spiffe_jwt"));

	private final ReactiveWebApplicationContextRunner authorizationCode = this.contextRunner
		.withPropertyValues(this.server.registration("bank", "authorization_code", "spiffe_jwt",
				"spring.security.oauth2.client.registration.bank.redirect-uri={baseUrl}/authorized/bank"));

	@Test
	void managerOfSpringSecurityGetsTokens() {
		this.clientCredentials.run((context) -> {
			assertThat(authorize(context).getAccessToken().getTokenValue()).isEqualTo("client_credentials-1");
			assertThat(this.identity.audiences()).containsExactly(this.server.issuer());
			assertThat(this.identity.isAskedWithoutBlocking()).isFalse();
		});
	}

	@Test
	void managerOfSpringSecurityRefreshes() {
		this.authorizationCode.run((context) -> {
			expired(context);
			assertThat(authorize(context).getAccessToken().getTokenValue()).isEqualTo("refresh_token-1");
			assertThat(this.identity.audiences()).containsExactly(this.server.issuer());
			assertThat(this.identity.isAskedWithoutBlocking()).isFalse();
		});
	}

	@Test
	void codeOfTheUserIsExchanged() {
		this.authorizationCode.run((context) -> {
			WebTestClient client = WebTestClient.bindToApplicationContext(context)
				.apply(SecurityMockServerConfigurers.springSecurity())
				.configureClient()
				.build()
				.mutateWith(SecurityMockServerConfigurers.mockUser("alice"));
			EntityExchangeResult<byte[]> begun = client.get()
				.uri("/oauth2/authorization/bank")
				.exchange()
				.expectStatus()
				.isFound()
				.expectBody()
				.returnResult();
			client.get()
				.uri(back(begun))
				.cookies((cookies) -> begun.getResponseCookies()
					.forEach((name, values) -> cookies.add(name, values.get(0).getValue())))
				.exchange()
				.expectStatus()
				.isFound();
			assertThat(this.server.forms()).singleElement()
				.satisfies((form) -> assertThat(form).containsEntry("grant_type", List.of("authorization_code"))
					.containsEntry("code", List.of(TestAuthorizationServer.CODE))
					.containsEntry("client_id", List.of(TestAuthorizationServer.CLIENT)));
		});
	}

	@Test
	void missingJwtSvidIsHandledBySpringSecurity() {
		this.identity.issueBy((audience) -> {
			throw IssuingIdentity.unavailable();
		});
		this.clientCredentials.run((context) -> assertThatExceptionOfType(ClientAuthorizationException.class)
			.isThrownBy(() -> authorize(context))
			.withMessageContaining("The SPIRE Server is away"));
	}

	@Test
	void clientOfTheApplicationWins() {
		this.clientCredentials.withUserConfiguration(Own.class).run((context) -> {
			assertThat(authorize(context).getAccessToken().getTokenValue()).isEqualTo("own");
			assertThat(this.server.forms()).isEmpty();
		});
	}

	private static OAuth2AuthorizedClient authorize(ApplicationContext context) {
		OAuth2AuthorizeRequest request = OAuth2AuthorizeRequest.withClientRegistrationId("bank")
			.principal(alice())
			.attribute(ServerWebExchange.class.getName(), MockServerWebExchange.from(MockServerHttpRequest.get("/")))
			.build();
		return Objects.requireNonNull(context.getBean(ReactiveOAuth2AuthorizedClientManager.class)
			.authorize(request)
			.subscribeOn(Schedulers.parallel())
			.block());
	}

	private static Authentication alice() {
		return new TestingAuthenticationToken("alice", "", "user");
	}

	private static void expired(ApplicationContext context) {
		Instant expiry = Instant.now().minusSeconds(120);
		context.getBean(ReactiveOAuth2AuthorizedClientService.class)
			.saveAuthorizedClient(new OAuth2AuthorizedClient(Objects.requireNonNull(
					context.getBean(ReactiveClientRegistrationRepository.class).findByRegistrationId("bank").block()),
					"alice",
					new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, "access-0", expiry.minusSeconds(60),
							expiry),
					new OAuth2RefreshToken("refresh-0", expiry)), alice())
			.block();
	}

	private static URI back(EntityExchangeResult<byte[]> begun) {
		Map<String, String> query = UriComponentsBuilder
			.fromUriString(String.valueOf(begun.getResponseHeaders().getFirst(HttpHeaders.LOCATION)))
			.build()
			.getQueryParams()
			.toSingleValueMap();
		return UriComponentsBuilder.fromUriString("/authorized/bank?code={code}&state={state}")
			.encode()
			.buildAndExpand(TestAuthorizationServer.CODE,
					URLDecoder.decode(String.valueOf(query.get("state")), StandardCharsets.UTF_8))
			.toUri();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebFlux
	@EnableWebFluxSecurity
	static class Secured {

		@Bean
		ServerOAuth2AuthorizedClientRepository authorizedClientRepository(
				ReactiveOAuth2AuthorizedClientService service) {
			return new AuthenticatedPrincipalServerOAuth2AuthorizedClientRepository(service);
		}

		@Bean
		SecurityWebFilterChain filterChain(ServerHttpSecurity http) {
			return http.authorizeExchange((exchanges) -> exchanges.anyExchange().authenticated())
				.oauth2Client(Customizer.withDefaults())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Own {

		@Bean
		ReactiveOAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> own() {
			return (request) -> Mono
				.just(OAuth2AccessTokenResponse.withToken("own").tokenType(OAuth2AccessToken.TokenType.BEARER).build());
		}

	}

}
