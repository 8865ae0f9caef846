package dev.psat.docs.recipes;

import java.util.List;
import java.util.Map;

// tag::x509[]
import dev.psat.spire.security.SpiffeX509AuthenticationFilter;
import dev.psat.spire.ssl.SpiffeSslBundle;
// end::x509[]

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
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
	SecurityFilterChain filterChain(HttpSecurity http, SpiffeSslBundle bundle) {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().hasAuthority("stock"))
			.addFilter(new SpiffeX509AuthenticationFilter(bundle, this::caller))
			.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.csrf(AbstractHttpConfigurer::disable)
			.build();
	}

	private UserDetails caller(String spiffeId) {
		List<GrantedAuthority> authorities = CALLERS.get(spiffeId);
		if (authorities == null) {
			throw new UsernameNotFoundException("Nobody knows " + spiffeId);
		}
		return new User(spiffeId, "", authorities);
	}

}
// end::x509[]
