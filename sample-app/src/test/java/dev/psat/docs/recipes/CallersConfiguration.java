package dev.psat.docs.recipes;

import java.util.List;
import java.util.Map;

import dev.psat.spire.security.SpiffeX509PrincipalExtractor;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;

// tag::x509[]
@Configuration(proxyBeanMethods = false)
class CallersConfiguration {

	private static final Map<String, List<GrantedAuthority>> CALLERS = Map.of("spiffe://example.org/ns/shop/sa/orders",
			AuthorityUtils.createAuthorityList("stock"));

	@Bean
	SecurityFilterChain filterChain(HttpSecurity http) {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().hasAuthority("stock"))
			.x509((x509) -> x509.x509PrincipalExtractor(new SpiffeX509PrincipalExtractor())
				.authenticationUserDetailsService(this::caller))
			.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.csrf(AbstractHttpConfigurer::disable)
			.build();
	}

	private UserDetails caller(Authentication certificate) {
		List<GrantedAuthority> authorities = CALLERS.get(certificate.getName());
		if (authorities == null) {
			throw new UsernameNotFoundException("Nobody knows " + certificate.getName());
		}
		return new User(certificate.getName(), "", authorities);
	}

}
// end::x509[]
