package dev.psat.docs.recipes;

import java.util.Set;

// tag::federated[]
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.security.SpiffeJwtDecoder;
// end::federated[]

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

@Configuration(proxyBeanMethods = false)
class FederatedResourceServerConfiguration {

	// tag::federated[]
	private static final String AUDIENCE = "spiffe://example.org/ns/shop/sa/inventory";

	private static final Set<String> CALLERS = Set.of("spiffe://example.org/ns/shop/sa/orders",
			"spiffe://partner.org/ns/pay/sa/billing");

	@Bean
	SpiffeJwtDecoder jwtDecoder(SpireIdentity identity) {
		return SpiffeJwtDecoder.of(identity, AUDIENCE).federatedWith(TrustDomain.of("partner.org"));
	}

	@Bean
	SecurityFilterChain filterChain(HttpSecurity http) {
		return http
			.authorizeHttpRequests((requests) -> requests.anyRequest()
				.access((caller, request) -> new AuthorizationDecision(CALLERS.contains(caller.get().getName()))))
			.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
			.build();
	}
	// end::federated[]

}
