package dev.psat.spire.oauth2;

import java.time.Duration;
import java.util.List;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spiffe.JwtAuthority;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.test.SimulatedJwtAuthority;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.test.SimulatedWorkloadApiConfiguration;
import dev.psat.test.SimulatedKubelet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ClientAuthorizationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * An application without a web server, which has an identity of a simulated SPIRE Server,
 * or of a simulated agent.
 */
class NonWebOAuth2ClientTests {

	private volatile @Nullable SpireIdentity identity;

	@AutoClose
	private final TestAuthorizationServer server = new TestAuthorizationServer(
			"spiffe://example.org/ns/default/sa/default", this::authorities);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class,
				SpireOAuth2ClientAutoConfiguration.class, OAuth2ClientAutoConfiguration.class))
		.withPropertyValues(this.server.registration("bank", "client_credentials", "spiffe_jwt"))
		.withPropertyValues("spring.security.oauth2.client.provider.as.issuer-uri=" + this.server.issuer());

	/**
	 * Spring Security's own client for what our beans do not reach.
	 */
	@Test
	void managerThatKnowsNoBeansRefuses() {
		this.contextRunner.withUserConfiguration(SimulatedServer.class, PlainManager.class).run((context) -> {
			assertThatIllegalArgumentException().isThrownBy(() -> authorize(context))
				.withMessageContaining("Client [bank] is using [")
				.withMessageContaining("supply an instance that supports");
			assertThat(this.server.forms()).isEmpty();
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { SimulatedServer.class, SimulatedAgent.class })
	void managerWithTheBeanGetsTokens(Class<?> door) {
		this.contextRunner.withUserConfiguration(door, Manager.class).run((context) -> {
			this.identity = awaitJwtAuthorities(context);
			assertThat(authorize(context).getAccessToken().getTokenValue()).isEqualTo("client_credentials-1");
		});
	}

	/**
	 * The access token lives for less than the leeway, so each call asks for another one.
	 */
	@ParameterizedTest
	@ValueSource(classes = { SimulatedServer.class, SimulatedAgent.class })
	void jwtSvidIsReusedUntilTheAuthorizationServerNoLongerTrustsIt(Class<?> door) {
		this.contextRunner.withUserConfiguration(door, Manager.class).run((context) -> {
			SpireIdentity identity = awaitJwtAuthorities(context);
			this.identity = identity;
			authorize(context);
			authorize(context);
			assertThat(this.server.forms()).hasSize(2)
				.extracting((form) -> form.getFirst("client_assertion"))
				.containsOnly(identity.jwtSvid(this.server.issuer()).token());
			SimulatedJwtAuthority authority = server(context).jwtAuthority();
			authority.rotate();
			authority.taint();
			authority.revoke();
			identity.stop();
			identity.start();
			await().untilAsserted(() -> assertThatExceptionOfType(ClientAuthorizationException.class)
				.isThrownBy(() -> authorize(context))
				.withMessageContaining("signature"));
		});
	}

	private static SimulatedSpireServer server(ApplicationContext context) {
		SimulatedWorkloadApi agent = context.getBeanProvider(SimulatedWorkloadApi.class).getIfAvailable();
		return (agent != null) ? agent.server() : context.getBean(SimulatedSpireServer.class);
	}

	private static SpireIdentity awaitJwtAuthorities(ApplicationContext context) {
		SpireIdentity identity = context.getBean(SpireIdentity.class);
		await().ignoreException(SvidUnavailableException.class)
			.until(() -> !identity.trustBundle().jwtAuthorities().isEmpty());
		return identity;
	}

	private List<JwtAuthority> authorities() {
		SpireIdentity identity = this.identity;
		return (identity != null) ? identity.trustBundle().jwtAuthorities() : List.of();
	}

	private static OAuth2AuthorizedClient authorize(ApplicationContext context) {
		OAuth2AuthorizedClient client = context.getBean(AuthorizedClientServiceOAuth2AuthorizedClientManager.class)
			.authorize(OAuth2AuthorizeRequest.withClientRegistrationId("bank").principal("orders").build());
		assertThat(client).isNotNull();
		return client;
	}

	@Configuration(proxyBeanMethods = false)
	static class PlainManager {

		@Bean
		AuthorizedClientServiceOAuth2AuthorizedClientManager manager(ClientRegistrationRepository registrations,
				OAuth2AuthorizedClientService service) {
			return new AuthorizedClientServiceOAuth2AuthorizedClientManager(registrations, service);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Manager {

		@Bean
		AuthorizedClientServiceOAuth2AuthorizedClientManager manager(ClientRegistrationRepository registrations,
				OAuth2AuthorizedClientService service,
				OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> client) {
			AuthorizedClientServiceOAuth2AuthorizedClientManager manager = new AuthorizedClientServiceOAuth2AuthorizedClientManager(
					registrations, service);
			manager.setAuthorizedClientProvider(OAuth2AuthorizedClientProviderBuilder.builder()
				.clientCredentials((grant) -> grant.accessTokenResponseClient(client))
				.build());
			return manager;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(SimulatedSpireServerConfiguration.class)
	static class SimulatedServer {

		@Bean
		SimulatedSpireServer simulatedSpireServer(SimulatedKubelet kubelet) {
			return SimulatedSpireServer.builder().workload(kubelet).entryCacheReload(Duration.ZERO).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(SimulatedWorkloadApiConfiguration.class)
	static class SimulatedAgent {

	}

}
