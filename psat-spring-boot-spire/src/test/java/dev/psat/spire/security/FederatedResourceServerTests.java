package dev.psat.spire.security;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.test.BundleDeletion;
import dev.psat.spire.test.FederatedBundle;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.test.SimulatedWorkloadApiConfiguration;
import dev.psat.test.SimulatedKubelet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Workloads of two SPIRE Servers at a resource server that belongs to one of them, whose
 * identity comes from there or from an agent.
 */
class FederatedResourceServerTests {

	private static final String OWN = "spiffe://example.org/ns/default/sa/default";

	private static final String PARTNER = "spiffe://partner.org/ns/default/sa/default";

	@ParameterizedTest
	@ValueSource(classes = { SimulatedServer.class, SimulatedAgent.class })
	void partnerIsLetIntoAServletApplicationWhileItIsTrusted(Class<?> door) {
		application(new WebApplicationContextRunner(), "example.org", door, ServletApplication.class).run((context) -> {
			MockMvcTester mvc = MockMvcTester.from(context,
					(builder) -> builder.apply(SecurityMockMvcConfigurers.springSecurity()).build());
			withPartner((partner) -> checkPartner(context, partner, (token) -> {
				MockHttpServletResponse response = mvc.get()
					.uri("/caller")
					.header(HttpHeaders.AUTHORIZATION, "Bearer " + token)
					.exchange()
					.getResponse();
				return new Answer(response.getStatus(), response.getContentAsString(),
						response.getHeader(HttpHeaders.WWW_AUTHENTICATE));
			}));
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { SimulatedServer.class, SimulatedAgent.class })
	void partnerIsLetIntoAReactiveApplicationWhileItIsTrusted(Class<?> door) {
		application(new ReactiveWebApplicationContextRunner(), "example.org", door, ReactiveApplication.class)
			.run((context) -> {
				WebTestClient client = WebTestClient.bindToApplicationContext(context).build();
				withPartner((partner) -> checkPartner(context, partner, (token) -> {
					EntityExchangeResult<String> result = client.get()
						.uri("/caller")
						.header(HttpHeaders.AUTHORIZATION, "Bearer " + token)
						.exchange()
						.expectBody(String.class)
						.returnResult();
					return new Answer(result.getStatus().value(), result.getResponseBody(),
							result.getResponseHeaders().getFirst(HttpHeaders.WWW_AUTHENTICATE));
				}));
			});
	}

	private static void withPartner(ContextConsumer<ApplicationContext> test) {
		application(new ApplicationContextRunner(), "partner.org", SimulatedServer.class).run(test::accept);
	}

	private static <R extends AbstractApplicationContextRunner<R, ?, ?>> R application(R runner, String trustDomain,
			Class<?>... configurations) {
		return runner
			.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class))
			.withUserConfiguration(configurations)
			.withPropertyValues("simulated.trust-domain=" + trustDomain,
					"spire.federates-with=" + (trustDomain.equals("example.org") ? "partner.org" : "example.org"));
	}

	private static void checkPartner(ApplicationContext context, ApplicationContext partnerContext,
			ResourceServer resourceServer) throws Exception {
		SimulatedWorkloadApi agent = context.getBeanProvider(SimulatedWorkloadApi.class).getIfAvailable();
		SimulatedSpireServer server = (agent != null) ? agent.server() : context.getBean(SimulatedSpireServer.class);
		SimulatedSpireServer partner = partnerContext.getBean(SimulatedSpireServer.class);
		SpireIdentity identity = context.getBean(SpireIdentity.class);
		String entry = (agent != null) ? agent.addEntry(OWN)
				: server.register(context.getBean(SimulatedKubelet.class), "simulated");
		String own = identity.jwtSvid(TestJwtAuthority.AUDIENCE).token();
		String token = partnerContext.getBean(SpireIdentity.class).jwtSvid(TestJwtAuthority.AUDIENCE).token();

		await().until(() -> federation(identity).state() == FederationState.NOT_FEDERATED
				&& !identity.trustBundle().jwtAuthorities().isEmpty());
		resourceServer.assertRefused(token,
				"The registration entry of this application does not federate with 'partner.org'");
		resourceServer.assertLetIn(own, OWN);

		server.federation().follow(partner);
		server.entries().change(entry, (spec) -> spec.federatesWith("partner.org"));
		visit(context, FederationState.TRUSTED, 1);
		resourceServer.assertLetIn(token, PARTNER);
		resourceServer.assertLetIn(own, OWN);
		SpiffeJwtDecoder unfederated = SpiffeJwtDecoder.of(identity, TestJwtAuthority.AUDIENCE);
		assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> unfederated.decode(token));

		for (String subject : new String[] { OWN, "spiffe://partner.org/spire/server", "spiffe://third.org/a" }) {
			resourceServer.assertRefused(partner.mint().jwtSvid(subject, TestJwtAuthority.AUDIENCE), "");
		}
		resourceServer.assertRefused(server.mint().jwtSvid(PARTNER, TestJwtAuthority.AUDIENCE), "");
		resourceServer.assertRefused(partner.mint().jwtSvid(PARTNER, "shop"), "The aud claim is not valid");

		server.federation().unfollow("partner.org");
		server.federation().set(FederatedBundle.of(partner).withoutJwtAuthorities());
		visit(context, FederationState.TRUSTED, 0);
		resourceServer.assertRefused(token, "The trust bundle of partner.org has no JWT authority in force");

		server.federation().delete("partner.org", BundleDeletion.DISSOCIATE);
		visit(context, FederationState.NOT_FEDERATED, 0);
		resourceServer.assertRefused(token, "No JWT-SVID of 'partner.org' is accepted now");
		resourceServer.assertLetIn(own, OWN);

		server.federation().set(partner);
		server.entries().change(entry, (spec) -> spec.federatesWith("partner.org"));
		visit(context, FederationState.TRUSTED, 1);
		resourceServer.assertLetIn(token, PARTNER);
	}

	/**
	 * Have the server or the agent asked for what it tells of the partner, whose JWT
	 * authorities come by another stream of the agent.
	 */
	private static void visit(ApplicationContext context, FederationState state, int jwtAuthorities) {
		SpireIdentity identity = context.getBean(SpireIdentity.class);
		Instant before = federation(identity).refreshedAt();
		// asks at once, and a server with an agent because one is needed
		identity.stop();
		identity.start();
		identity.jwtSvid("audience" + System.nanoTime());
		await().until(() -> !Objects.equals(federation(identity).refreshedAt(), before)
				&& federation(identity).state() == state && federation(identity).jwtAuthorityCount() == jwtAuthorities);
	}

	private static SpireStatus.Federation federation(SpireIdentity identity) {
		return identity.status().federation().get(0);
	}

	/**
	 * An application that tells callers who they are.
	 */
	private interface ResourceServer {

		Answer call(String token) throws Exception;

		default void assertLetIn(String token, String caller) throws Exception {
			assertThat(call(token)).isEqualTo(new Answer(200, caller, null));
		}

		default void assertRefused(String token, String reason) throws Exception {
			Answer answer = call(token);
			assertThat(answer.status()).isEqualTo(401);
			assertThat(answer.challenge()).contains("invalid_token").contains(reason);
		}

	}

	/**
	 * The answer to a call.
	 */
	private record Answer(int status, @Nullable String body, @Nullable String challenge) {

	}

	@Configuration(proxyBeanMethods = false)
	@Import(SimulatedSpireServerConfiguration.class)
	static class SimulatedServer {

		/**
		 * Both servers give their authorities the same key ID.
		 */
		@Bean
		SimulatedSpireServer simulatedSpireServer(SimulatedKubelet kubelet,
				@Value("${simulated.trust-domain}") String trustDomain) {
			return SimulatedSpireServer.builder()
				.trustDomain(trustDomain)
				.workload(kubelet)
				.jwtKeyId("key")
				.limitAttestations(false)
				.entryCacheReload(Duration.ZERO)
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(SimulatedWorkloadApiConfiguration.class)
	static class SimulatedAgent {

		@Bean
		SimulatedSpireServer serverOfTheAgent() {
			return SimulatedSpireServer.builder().jwtKeyId("key").entryCacheReload(Duration.ZERO).build();
		}

		@Bean
		SimulatedWorkloadApi simulatedWorkloadApi(SimulatedSpireServer server) {
			return SimulatedWorkloadApi.builder().server(server).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	@EnableWebSecurity
	@Import(Callers.class)
	static class ServletApplication {

		@Bean
		SpiffeJwtDecoder jwtDecoder(SpireIdentity identity) {
			return SpiffeJwtDecoder.of(identity, TestJwtAuthority.AUDIENCE)
				.federatedWith(TrustDomain.of("partner.org"));
		}

		@Bean
		SecurityFilterChain filterChain(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebFlux
	@EnableWebFluxSecurity
	@Import(Callers.class)
	static class ReactiveApplication {

		@Bean
		SpiffeReactiveJwtDecoder jwtDecoder(SpireIdentity identity) {
			return SpiffeReactiveJwtDecoder.of(identity, TestJwtAuthority.AUDIENCE)
				.federatedWith(TrustDomain.of("partner.org"));
		}

		@Bean
		SecurityWebFilterChain filterChain(ServerHttpSecurity http) {
			return http.authorizeExchange((exchanges) -> exchanges.anyExchange().authenticated())
				.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
				.build();
		}

	}

}
