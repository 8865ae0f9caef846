package dev.psat.spire.oauth2;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.security.TestJwtAuthority;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Mockito;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration;
import org.springframework.boot.security.oauth2.client.autoconfigure.reactive.ReactiveOAuth2ClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.SupplierClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ClientRegistrationRule}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClientRegistrationRuleTests {

	private static final String TOKEN_URI = "spring.security.oauth2.client.provider.as.token-uri=https://as.example.org/token";

	private static final String AUDIENCE = "spire.psat.oauth2.client.bank.audience=https://as.example.org";

	private final IssuingIdentity identity = new IssuingIdentity();

	@AutoClose
	private final TestAuthorizationServer server = new TestAuthorizationServer(TestJwtAuthority.ORDERS,
			this.identity::authorities);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
				SpireOAuth2ClientAutoConfiguration.class))
		.withBean(SpireIdentity.class, () -> this.identity)
		.withPropertyValues("spire.psat.cluster=demo", "spire.psat.token-path=/no/such/token");

	private final ApplicationContextRunner fromProperties = this.contextRunner
		.withConfiguration(AutoConfigurations.of(OAuth2ClientAutoConfiguration.class))
		.withPropertyValues(this.server.registration("bank", "client_credentials", "spiffe_jwt"));

	@Test
	void registrationWithoutAudienceStopsTheStart() {
		this.fromProperties.withPropertyValues(TOKEN_URI)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(PsatStartupException.class, (ex) -> {
					assertThat(ex).hasMessage(
							"The OAuth 2.0 client registration 'bank' authenticates by 'spiffe_jwt', and nothing says for which audience its JWT-SVID is.");
					assertThat(ex.action()).contains("'issuer-uri'", "'spire.psat.oauth2.client.bank.audience'");
				}));
	}

	@Test
	void registrationForReactiveClientsWithoutAudienceStopsTheStart() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(ReactiveOAuth2ClientAutoConfiguration.class))
			.withPropertyValues(this.server.registration("bank", "client_credentials", "spiffe_jwt", TOKEN_URI))
			.run((context) -> assertThat(context).getFailure().isInstanceOf(PsatStartupException.class));
	}

	@Test
	void audienceSuffices() {
		this.fromProperties.withPropertyValues(TOKEN_URI, AUDIENCE)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void issuerUriSuffices() {
		this.fromProperties
			.withPropertyValues("spring.security.oauth2.client.provider.as.issuer-uri=" + this.server.issuer())
			.run((context) -> {
				assertThat(context).hasNotFailed();
				ClientRegistration registration = Objects
					.requireNonNull(context.getBean(ClientRegistrationRepository.class).findByRegistrationId("bank"));
				client(context).getTokenResponse(new OAuth2ClientCredentialsGrantRequest(registration));
				assertThat(this.identity.audiences()).containsExactly(this.server.issuer());
			});
	}

	@Test
	void otherMethodsNeedNoAudience() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(OAuth2ClientAutoConfiguration.class))
			.withPropertyValues(
					this.server.registration("bank", "client_credentials", "client_secret_basic", TOKEN_URI))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void applicationWithoutRegistrationsStarts() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void blankAudienceStopsTheStart() {
		this.fromProperties.withPropertyValues(TOKEN_URI, "spire.psat.oauth2.client.bank.audience= ")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(PsatStartupException.class)
				.hasMessageContaining("spire.psat.oauth2.client.bank.audience")
				.hasMessageContaining("must not be blank"));
	}

	@Test
	void audienceOfNobodyIsTold(CapturedOutput output) {
		this.fromProperties
			.withPropertyValues(TOKEN_URI, AUDIENCE, "spire.psat.oauth2.client.banc.audience=https://as.example.org")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("'spire.psat.oauth2.client.banc.audience' has no effect")
			.doesNotContain("'spire.psat.oauth2.client.bank.audience' has no effect");
	}

	@Test
	void disabledIdentityNeedsNoAudience() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
					SpireOAuth2ClientAutoConfiguration.class, OAuth2ClientAutoConfiguration.class))
			.withPropertyValues(this.server.registration("bank", "client_credentials", "spiffe_jwt", TOKEN_URI))
			.withPropertyValues("spire.psat.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	/**
	 * As a mock in a test, which returns {@code null}.
	 */
	@Test
	void identityIsNotAskedIfNoAudienceIsMissing() {
		SpireIdentity mock = Mockito.mock();
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
					SpireOAuth2ClientAutoConfiguration.class, OAuth2ClientAutoConfiguration.class))
			.withBean(SpireIdentity.class, () -> mock)
			.withPropertyValues("spire.psat.cluster=demo", "spire.psat.token-path=/no/such/token")
			.withPropertyValues(this.server.registration("bank", "client_credentials", "spiffe_jwt", TOKEN_URI))
			.withPropertyValues(AUDIENCE)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void repositoryOfTheApplicationIsCheckedIfItIsInMemory() {
		this.contextRunner
			.withBean(ClientRegistrationRepository.class,
					() -> new InMemoryClientRegistrationRepository(registration(null)))
			.run((context) -> assertThat(context).getFailure().isInstanceOf(PsatStartupException.class));
		this.contextRunner
			.withBean(ReactiveClientRegistrationRepository.class,
					() -> new InMemoryReactiveClientRegistrationRepository(registration(null)))
			.run((context) -> assertThat(context).getFailure().isInstanceOf(PsatStartupException.class));
		this.contextRunner
			.withBean(ClientRegistrationRepository.class,
					() -> new InMemoryClientRegistrationRepository(registration("https://as.example.org")))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void repositoryThatMayAskTheAuthorizationServerIsCheckedWhenItIsUsed(CapturedOutput output) {
		AtomicInteger asked = new AtomicInteger();
		SupplierClientRegistrationRepository repository = new SupplierClientRegistrationRepository(() -> {
			asked.incrementAndGet();
			return new InMemoryClientRegistrationRepository(registration(null));
		});
		this.contextRunner.withBean(ClientRegistrationRepository.class, () -> repository)
			.withBean(ReactiveClientRegistrationRepository.class, () -> (id) -> Mono.error(new AssertionError()))
			.withPropertyValues("spire.psat.oauth2.client.other.audience=https://as.example.org")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(asked).hasValue(0);
				assertThat(output).doesNotContain("has no effect");
				assertThatIllegalArgumentException()
					.isThrownBy(() -> client(context).getTokenResponse(new OAuth2ClientCredentialsGrantRequest(
							Objects.requireNonNull(repository.findByRegistrationId("bank")))))
					.withMessageContaining("nothing says for which audience");
			});
	}

	@Test
	void registrationOfAChildContextIsChecked(CapturedOutput output) {
		this.contextRunner.withPropertyValues(AUDIENCE)
			.run((parent) -> this.contextRunner.withParent(parent)
				.withBean(ClientRegistrationRepository.class,
						() -> new InMemoryClientRegistrationRepository(registration(null)))
				.run((context) -> assertThat(context).hasNotFailed()));
		assertThat(output).doesNotContain("has no effect");
		this.contextRunner.run((parent) -> this.contextRunner.withParent(parent)
			.withBean(ClientRegistrationRepository.class,
					() -> new InMemoryClientRegistrationRepository(registration(null)))
			.run((context) -> assertThat(context).getFailure().isInstanceOf(PsatStartupException.class)));
	}

	@Test
	void lazyInitializationDoesNotPutOffTheCheck() {
		assertThatExceptionOfType(PsatStartupException.class).isThrownBy(() -> startLazily(TOKEN_URI).close());
	}

	@Test
	void repositoryOfTheApplicationThatIsLazyMayHaveTheRegistration(CapturedOutput output) {
		this.contextRunner
			.withBean(ClientRegistrationRepository.class,
					() -> new InMemoryClientRegistrationRepository(registration(null)),
					(definition) -> definition.setLazyInit(true))
			.withPropertyValues(AUDIENCE)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("has no effect");
	}

	@Test
	void lazyInitializationStillPutsOffTheAuthorizationServer() {
		String issuer = this.server.issuer();
		this.server.close();
		startLazily("spring.security.oauth2.client.provider.as.issuer-uri=" + issuer).close();
		startLazily(TOKEN_URI, AUDIENCE).close();
	}

	private static OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> client(
			ApplicationContext context) {
		return context
			.<OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest>>getBeanProvider(ResolvableType
				.forClassWithGenerics(OAuth2AccessTokenResponseClient.class, OAuth2ClientCredentialsGrantRequest.class))
			.getObject();
	}

	private ConfigurableApplicationContext startLazily(String... properties) {
		SpringApplication application = new SpringApplication(Lazy.class);
		application.setLazyInitialization(true);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(Map.of("spring.main.banner-mode", "off"));
		return application.run(Stream
			.of(this.server.registration("bank", "client_credentials", "spiffe_jwt"), properties,
					new String[] { "spire.psat.cluster=demo", "spire.psat.token-path=/no/such/token" })
			.flatMap(Stream::of)
			.map((property) -> "--" + property)
			.toArray(String[]::new));
	}

	private ClientRegistration registration(@Nullable String issuer) {
		return ClientRegistration.withRegistrationId("bank")
			.clientId(TestAuthorizationServer.CLIENT)
			.clientAuthenticationMethod(new ClientAuthenticationMethod("spiffe_jwt"))
			.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
			.tokenUri("https://as.example.org/token")
			.issuerUri(issuer)
			.build();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PsatAutoConfiguration.class, SpireAutoConfiguration.class,
			SpireOAuth2ClientAutoConfiguration.class, OAuth2ClientAutoConfiguration.class })
	static class Lazy {

		@Bean
		SpireIdentity identity() {
			return new IssuingIdentity();
		}

	}

}
