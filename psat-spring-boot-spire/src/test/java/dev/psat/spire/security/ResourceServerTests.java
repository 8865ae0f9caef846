package dev.psat.spire.security;

import java.time.Duration;
import java.util.function.BiConsumer;

import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.spiffe.SvidMint;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.test.SimulatedJwtAuthority;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@link SpiffeJwtDecoder} in a filter chain of Spring Security.
 */
class ResourceServerTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withUserConfiguration(ResourceServer.class);

	@Test
	void jwtSvidOfTheServerIsLetInUntilItsAuthorityIsRevoked() {
		this.contextRunner.withUserConfiguration(SimulatedServer.class)
			.withConfiguration(AutoConfigurations.of(PsatAutoConfiguration.class, SpireAutoConfiguration.class))
			.run((context) -> {
				SpireIdentity identity = context.getBean(SpireIdentity.class);
				String token = identity.jwtSvid(TestJwtAuthority.AUDIENCE).token();
				MockMvcTester mvc = mvc(context);
				await().untilAsserted(() -> assertThat(identity.trustBundle().jwtAuthorities()).isNotEmpty());
				assertThat(mvc.get().uri("/caller").header(HttpHeaders.AUTHORIZATION, "Bearer " + token)).hasStatusOk()
					.hasBodyTextEqualTo("spiffe://example.org/ns/default/sa/default");
				assertThat(mvc.get()
					.uri("/caller")
					.header(HttpHeaders.AUTHORIZATION, "Bearer " + identity.jwtSvid("shop").token()))
					.hasStatus(HttpStatus.UNAUTHORIZED);
				SimulatedJwtAuthority authority = context.getBean(SimulatedSpireServer.class).jwtAuthority();
				authority.rotate();
				authority.taint();
				authority.revoke();
				// visits the server at once
				identity.stop();
				identity.start();
				await().untilAsserted(
						() -> assertThat(mvc.get().uri("/caller").header(HttpHeaders.AUTHORIZATION, "Bearer " + token))
							.hasStatus(HttpStatus.UNAUTHORIZED)
							.headers()
							.hasHeaderSatisfying(HttpHeaders.WWW_AUTHENTICATE,
									(values) -> assertThat(values).singleElement()
										.asString()
										.contains("invalid_token")));
			});
	}

	@Test
	void callerWithoutTokenIsTurnedAway() {
		withIdentity((identity, mvc) -> assertThat(mvc.get().uri("/caller")).hasStatus(HttpStatus.UNAUTHORIZED));
	}

	@Test
	void callerIsNotToBlameWhileThereIsNoTrustBundle() {
		TestJwtAuthority authority = new TestJwtAuthority();
		withIdentity((identity, mvc) -> {
			assertThat(mvc.get().uri("/caller").header(HttpHeaders.AUTHORIZATION, "Bearer " + authority.issue()))
				.failure()
				.isInstanceOf(AuthenticationServiceException.class);
			identity.trust(new SvidMint().bundleWith(authority.published()));
			assertThat(mvc.get().uri("/caller").header(HttpHeaders.AUTHORIZATION, "Bearer " + authority.issue()))
				.hasStatusOk()
				.hasBodyTextEqualTo(TestJwtAuthority.ORDERS);
		});
	}

	private void withIdentity(BiConsumer<TestIdentity, MockMvcTester> test) {
		TestIdentity identity = new TestIdentity();
		this.contextRunner.withBean(SpireIdentity.class, () -> identity)
			.run((context) -> test.accept(identity, mvc(context)));
	}

	private static MockMvcTester mvc(AssertableWebApplicationContext context) {
		return MockMvcTester.from(context,
				(builder) -> builder.apply(SecurityMockMvcConfigurers.springSecurity()).build());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	@EnableWebSecurity
	@Import(Callers.class)
	static class ResourceServer {

		@Bean
		SpiffeJwtDecoder jwtDecoder(SpireIdentity identity) {
			return SpiffeJwtDecoder.of(identity, TestJwtAuthority.AUDIENCE);
		}

		@Bean
		SecurityFilterChain filterChain(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
				.build();
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

}
