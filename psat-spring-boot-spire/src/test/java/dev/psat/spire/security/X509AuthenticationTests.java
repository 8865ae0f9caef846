package dev.psat.spire.security;

import dev.psat.spiffe.SvidMint;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors;
import org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link SpiffeX509AuthenticationFilter} and {@link SpiffeX509AuthenticationWebFilter}
 * where no web server has a connection to ask. How they identify callers is tested with
 * each web server, in {@code tls-tests}.
 */
class X509AuthenticationTests {

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	@Test
	void certificateInRequestAttributeIdentifiesNobody() {
		new WebApplicationContextRunner().withUserConfiguration(Application.class).run((context) -> {
			MockMvcTester mvc = MockMvcTester.from(context,
					(builder) -> builder.apply(SecurityMockMvcConfigurers.springSecurity()).build());
			assertThat(mvc.perform(MockMvcRequestBuilders.get("/caller")
				.with(SecurityMockMvcRequestPostProcessors.x509(new SvidMint().mint(ORDERS).chain().get(0)))))
				.hasStatus(HttpStatus.FORBIDDEN);
			assertThat(mvc
				.perform(MockMvcRequestBuilders.get("/caller").with(SecurityMockMvcRequestPostProcessors.user(ORDERS))))
				.hasStatusOk()
				.hasBodyTextEqualTo(ORDERS);
		});
	}

	@Test
	void sessionIdentifiesNobody() {
		SecurityContext session = new SecurityContextImpl(
				new PreAuthenticatedAuthenticationToken(ORDERS, "", AuthorityUtils.NO_AUTHORITIES));
		new WebApplicationContextRunner().withUserConfiguration(Application.class)
			.run((context) -> assertThat(MockMvcTester
				.from(context, (builder) -> builder.apply(SecurityMockMvcConfigurers.springSecurity()).build())
				.perform(MockMvcRequestBuilders.get("/caller")
					.sessionAttr(HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY, session)))
				.hasStatus(HttpStatus.FORBIDDEN));
	}

	@Test
	void mockedExchangeIdentifiesNobody() {
		new ReactiveWebApplicationContextRunner().withUserConfiguration(ReactiveApplication.class)
			.run((context) -> WebTestClient.bindToApplicationContext(context)
				.build()
				.get()
				.uri("/caller")
				.exchange()
				.expectStatus()
				.isUnauthorized());
	}

	private static SpiffeSslBundle bundle() {
		return SpiffeSslBundle.of(new TestIdentity()).authorizing((peer) -> true);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	@EnableWebSecurity
	@Import(Callers.class)
	static class Application {

		@Bean
		SecurityFilterChain filterChain(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.addFilter(new SpiffeX509AuthenticationFilter(bundle(), Application::load))
				.build();
		}

		private static UserDetails load(String spiffeId) {
			return new User(spiffeId, "", AuthorityUtils.NO_AUTHORITIES);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebFlux
	@EnableWebFluxSecurity
	@Import(Callers.class)
	static class ReactiveApplication {

		@Bean
		SecurityWebFilterChain filterChain(ServerHttpSecurity http) {
			return http.authorizeExchange((exchanges) -> exchanges.anyExchange().authenticated())
				.addFilterAt(new SpiffeX509AuthenticationWebFilter(bundle(), (id) -> Mono.just(Application.load(id))),
						SecurityWebFiltersOrder.AUTHENTICATION)
				.build();
		}

	}

}
