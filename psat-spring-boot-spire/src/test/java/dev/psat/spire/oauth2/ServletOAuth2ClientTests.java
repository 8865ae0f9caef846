package dev.psat.spire.oauth2;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.security.TestJwtAuthority;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.ClientAuthorizationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.endpoint.JwtBearerGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.TokenExchangeGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.AuthenticatedPrincipalOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors;
import org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.util.UriComponentsBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The beans in the hands of Spring Security, in a servlet application.
 */
class ServletOAuth2ClientTests {

	private final IssuingIdentity identity = new IssuingIdentity();

	@AutoClose
	private final TestAuthorizationServer server = new TestAuthorizationServer(TestJwtAuthority.ORDERS,
			this.identity::authorities);

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
				SpireOAuth2ClientAutoConfiguration.class, OAuth2ClientAutoConfiguration.class))
		.withBean(SpireIdentity.class, () -> this.identity)
		.withPropertyValues("spire.psat.cluster=demo", "spire.psat.token-path=/no/such/token",
				"spring.security.oauth2.client.provider.as.issuer-uri=" + this.server.issuer());

	private final WebApplicationContextRunner clientCredentials = this.contextRunner
		.withUserConfiguration(Secured.class)
		.withPropertyValues(this.server.registration("bank", "client_credentials", "spiffe_jwt"));

	private final WebApplicationContextRunner authorizationCode = this.contextRunner
		.withUserConfiguration(Secured.class)
		.withPropertyValues(this.server.registration("bank", "authorization_code", "spiffe_jwt",
				"spring.security.oauth2.client.registration.bank.redirect-uri={baseUrl}/authorized/bank"));

	@Test
	void managerOfSpringSecurityGetsTokens() {
		this.clientCredentials.run((context) -> assertThat(authorize(context).getAccessToken().getTokenValue())
			.isEqualTo("client_credentials-1"));
	}

	@Test
	void managerOfSpringSecurityRefreshes() {
		this.authorizationCode.run((context) -> {
			expired(context);
			assertThat(authorize(context).getAccessToken().getTokenValue()).isEqualTo("refresh_token-1");
			assertThat(this.identity.audiences()).containsExactly(this.server.issuer());
		});
	}

	@Test
	void codeOfTheUserIsExchanged() {
		this.authorizationCode.run((context) -> {
			MockMvcTester mvc = mvc(context);
			MvcTestResult begun = mvc.get()
				.uri("/oauth2/authorization/bank")
				.with(SecurityMockMvcRequestPostProcessors.user("alice"))
				.exchange();
			HttpSession session = begun.getMvcResult().getRequest().getSession();
			assertThat(back(mvc, begun, session)).hasStatus(HttpStatus.FOUND);
			assertThat(this.server.forms()).singleElement()
				.satisfies((form) -> assertThat(form).containsEntry("grant_type", List.of("authorization_code"))
					.containsEntry("code", List.of(TestAuthorizationServer.CODE))
					.containsEntry("client_id", List.of(TestAuthorizationServer.CLIENT)));
			assertThat(context.getBean(OAuth2AuthorizedClientService.class)
				.<OAuth2AuthorizedClient>loadAuthorizedClient("bank", "alice"))
				.extracting((client) -> client.getAccessToken().getTokenValue())
				.isEqualTo("authorization_code-1");
		});
	}

	/**
	 * Spring Security tells the application of the user of an
	 * {@code OAuth2AuthorizationException}, and lets every other one end in an error 500.
	 */
	@Test
	void missingJwtSvidIsHandledBySpringSecurity() {
		this.identity.issueBy((audience) -> {
			throw IssuingIdentity.unavailable();
		});
		this.authorizationCode.run((context) -> {
			MockMvcTester mvc = mvc(context);
			MvcTestResult begun = mvc.get()
				.uri("/oauth2/authorization/bank")
				.with(SecurityMockMvcRequestPostProcessors.user("alice"))
				.exchange();
			assertThat(back(mvc, begun, begun.getMvcResult().getRequest().getSession())).hasStatus(HttpStatus.FOUND)
				.headers()
				.hasHeaderSatisfying(HttpHeaders.LOCATION,
						(locations) -> assertThat(locations).singleElement()
							.asString()
							.contains("/authorized/bank?error=jwt_svid_unavailable"));
			expired(context);
			assertThatExceptionOfType(ClientAuthorizationException.class).isThrownBy(() -> authorize(context))
				.withMessageContaining("The SPIRE Server is away")
				.satisfies((ex) -> assertThat(ex.getClientRegistrationId()).isEqualTo("bank"));
			assertThat(context.getBean(OAuth2AuthorizedClientService.class)
				.<OAuth2AuthorizedClient>loadAuthorizedClient("bank", "alice")).isNotNull();
		});
	}

	@Test
	void clientOfTheApplicationWins() {
		this.clientCredentials.withUserConfiguration(Own.class).run((context) -> {
			assertThat(authorize(context).getAccessToken().getTokenValue()).isEqualTo("own");
			assertThat(names(context, OAuth2ClientCredentialsGrantRequest.class)).containsExactly("own");
			assertThat(names(context, OAuth2RefreshTokenGrantRequest.class))
				.containsExactly("spireRefreshTokenTokenResponseClient");
			assertThat(names(context, OAuth2AuthorizationCodeGrantRequest.class))
				.containsExactly("spireAuthorizationCodeTokenResponseClient");
			assertThat(this.server.forms()).isEmpty();
		});
	}

	@Test
	void clientThatIsDeclaredLaterWins() {
		this.clientCredentials.withBean(BeanDefinitionRegistryPostProcessor.class, () -> (registry) -> registry
			.registerBeanDefinition("own", BeanDefinitionBuilder
				.rootBeanDefinition(ResolvableType.forClassWithGenerics(OAuth2AccessTokenResponseClient.class,
						OAuth2ClientCredentialsGrantRequest.class), Own::client)
				.getBeanDefinition()))
			.run((context) -> {
				assertThat(names(context, OAuth2ClientCredentialsGrantRequest.class)).hasSize(2);
				assertThat(authorize(context).getAccessToken().getTokenValue()).isEqualTo("own");
			});
	}

	@Test
	void noFurtherGrantIsSwitchedOn() {
		this.clientCredentials.run((context) -> {
			assertThat(names(context, JwtBearerGrantRequest.class)).isEmpty();
			assertThat(names(context, TokenExchangeGrantRequest.class)).isEmpty();
		});
	}

	@Test
	void childContextUsesThoseOfItsParent() {
		this.contextRunner.run((parent) -> this.clientCredentials.withParent(parent).run((context) -> {
			assertThat(context.containsLocalBean("spireClientCredentialsTokenResponseClient")).isFalse();
			assertThat(authorize(context).getAccessToken().getTokenValue()).isEqualTo("client_credentials-1");
		}));
	}

	@Test
	void clientOfTheApplicationInTheParentWins() {
		this.contextRunner.withUserConfiguration(Own.class)
			.run((parent) -> this.clientCredentials.withParent(parent)
				.run((context) -> assertThat(authorize(context).getAccessToken().getTokenValue()).isEqualTo("own")));
	}

	/**
	 * The identity needs the attestor, so the beans must not need the identity.
	 */
	@Test
	void attestorMayUseAnOAuth2Client() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
					SpireOAuth2ClientAutoConfiguration.class, OAuth2ClientAutoConfiguration.class))
			.withUserConfiguration(Secured.class, OwnAttestor.class)
			.withPropertyValues(this.server.registration("bank", "client_credentials", "client_secret_basic"))
			.withPropertyValues("spring.security.oauth2.client.provider.as.issuer-uri=" + this.server.issuer(),
					"spire.server.address=127.0.0.1:1", "spire.server.trust-domain=example.org",
					"spire.server.trust-bundle=/no/such/bundle")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static List<String> names(ApplicationContext context, Class<?> request) {
		return List.of(context
			.getBeanNamesForType(ResolvableType.forClassWithGenerics(OAuth2AccessTokenResponseClient.class, request)));
	}

	private static OAuth2AuthorizedClient authorize(ApplicationContext context) {
		OAuth2AuthorizeRequest request = OAuth2AuthorizeRequest.withClientRegistrationId("bank")
			.principal(alice())
			.attribute(HttpServletRequest.class.getName(), new MockHttpServletRequest())
			.attribute(HttpServletResponse.class.getName(), new MockHttpServletResponse())
			.build();
		OAuth2AuthorizedClient client = context.getBean(OAuth2AuthorizedClientManager.class).authorize(request);
		assertThat(client).isNotNull();
		return client;
	}

	private static Authentication alice() {
		return new TestingAuthenticationToken("alice", "", "user");
	}

	private static void expired(ApplicationContext context) {
		Instant expiry = Instant.now().minusSeconds(120);
		context.getBean(OAuth2AuthorizedClientService.class)
			.saveAuthorizedClient(
					new OAuth2AuthorizedClient(
							Objects.requireNonNull(
									context.getBean(ClientRegistrationRepository.class).findByRegistrationId("bank")),
							"alice",
							new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, "access-0",
									expiry.minusSeconds(60), expiry),
							new OAuth2RefreshToken("refresh-0", expiry)),
					alice());
	}

	private static MvcTestResult back(MockMvcTester mvc, MvcTestResult begun, HttpSession session) {
		String location = begun.getResponse().getHeader(HttpHeaders.LOCATION);
		Map<String, String> query = UriComponentsBuilder.fromUriString(String.valueOf(location))
			.build()
			.getQueryParams()
			.toSingleValueMap();
		return mvc.get()
			.uri("/authorized/bank?code={code}&state={state}", TestAuthorizationServer.CODE,
					URLDecoder.decode(String.valueOf(query.get("state")), StandardCharsets.UTF_8))
			.session((MockHttpSession) session)
			.with(SecurityMockMvcRequestPostProcessors.user("alice"))
			.exchange();
	}

	private static MockMvcTester mvc(AssertableWebApplicationContext context) {
		return MockMvcTester.from(context,
				(builder) -> builder.apply(SecurityMockMvcConfigurers.springSecurity()).build());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	@EnableWebSecurity
	static class Secured {

		@Bean
		OAuth2AuthorizedClientRepository authorizedClientRepository(OAuth2AuthorizedClientService service) {
			return new AuthenticatedPrincipalOAuth2AuthorizedClientRepository(service);
		}

		@Bean
		SecurityFilterChain filterChain(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.oauth2Client(Customizer.withDefaults())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Own {

		@Bean
		OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> own() {
			return client();
		}

		static OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> client() {
			return (request) -> OAuth2AccessTokenResponse.withToken("own")
				.tokenType(OAuth2AccessToken.TokenType.BEARER)
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnAttestor {

		@Bean
		PsatAttestor attestor(OAuth2AuthorizedClientManager manager,
				OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> client) {
			return PsatAttestor.of("demo", () -> {
				throw new IllegalStateException("No token of " + manager + " and " + client);
			}, List.of("spire-server"));
		}

	}

}
