package dev.psat.docs.recipes;

// tag::jwt[]
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.security.SpiffeJwtDecoder;
// end::jwt[]

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

// tag::jwt[]
@Configuration(proxyBeanMethods = false)
class ResourceServerConfiguration {

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	@Bean
	SpiffeJwtDecoder jwtDecoder(SpireIdentity identity) {
		return SpiffeJwtDecoder.of(identity, "inventory");
	}

	@Bean
	SecurityFilterChain filterChain(HttpSecurity http) {
		return http
			.authorizeHttpRequests((requests) -> requests.anyRequest()
				.access((caller, request) -> new AuthorizationDecision(ORDERS.equals(caller.get().getName()))))
			.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
			.build();
	}

}
// end::jwt[]
