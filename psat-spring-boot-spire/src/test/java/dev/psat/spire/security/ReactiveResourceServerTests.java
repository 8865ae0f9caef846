package dev.psat.spire.security;

import dev.psat.spiffe.SvidMint;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.TestIdentity;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.config.EnableWebFlux;

/**
 * {@link SpiffeReactiveJwtDecoder} in a filter chain of Spring Security.
 */
class ReactiveResourceServerTests {

	private final TestIdentity identity = new TestIdentity();

	private final TestJwtAuthority authority = new TestJwtAuthority();

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withUserConfiguration(ResourceServer.class)
		.withBean(SpireIdentity.class, () -> this.identity);

	@Test
	void jwtSvidIsLetInUntilItsAuthorityIsRevoked() {
		this.contextRunner.run((context) -> {
			WebTestClient client = WebTestClient.bindToApplicationContext(context).build();
			client.get().uri("/caller").exchange().expectStatus().isUnauthorized();
			call(client).expectStatus().is5xxServerError();
			this.identity.trust(new SvidMint().bundleWith(this.authority.published()));
			call(client).expectStatus().isOk().expectBody(String.class).isEqualTo(TestJwtAuthority.ORDERS);
			this.identity.trust(new SvidMint().bundleWith(new TestJwtAuthority().published()));
			call(client).expectStatus().isEqualTo(HttpStatus.UNAUTHORIZED);
		});
	}

	private WebTestClient.ResponseSpec call(WebTestClient client) {
		return client.get()
			.uri("/caller")
			.header(HttpHeaders.AUTHORIZATION, "Bearer " + this.authority.issue())
			.exchange();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebFlux
	@EnableWebFluxSecurity
	@Import(Callers.class)
	static class ResourceServer {

		@Bean
		SpiffeReactiveJwtDecoder jwtDecoder(SpireIdentity identity) {
			return SpiffeReactiveJwtDecoder.of(identity, TestJwtAuthority.AUDIENCE);
		}

		@Bean
		SecurityWebFilterChain filterChain(ServerHttpSecurity http) {
			return http.authorizeExchange((exchanges) -> exchanges.anyExchange().authenticated())
				.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
				.build();
		}

	}

}
