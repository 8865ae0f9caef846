package dev.psat.spire.security;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors;
import org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.web.servlet.RequestBuilder;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import dev.psat.spire.client.TestAuthority;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link SpiffeX509PrincipalExtractor} in {@code http.x509(…)}.
 */
class X509AuthenticationTests {

	private static final String SHOP = "spiffe://example.org/ns/shop/sa/";

	private final TestAuthority authority = new TestAuthority();

	@Test
	void peerHasTheAuthoritiesOfItsSpiffeId() {
		run((mvc) -> assertThat(mvc.perform(call(certify(SHOP + "orders")))).hasStatusOk()
			.hasBodyTextEqualTo(SHOP + "orders"));
	}

	@Test
	void peerWithoutTheAuthorityIsTurnedAway() {
		run((mvc) -> assertThat(mvc.perform(call(certify(SHOP + "reports")))).hasStatus(HttpStatus.FORBIDDEN));
	}

	@Test
	void peerThatIsUnknownOrHasNoCertificateIsTurnedAway() {
		run((mvc) -> {
			assertThat(mvc.perform(call(certify(SHOP + "unknown")))).hasStatus(HttpStatus.FORBIDDEN);
			assertThat(mvc.get().uri("/caller")).hasStatus(HttpStatus.FORBIDDEN);
		});
	}

	@Test
	void peerWhoseCertificateIsNoX509SvidIsTurnedAway() {
		run((mvc) -> assertThat(mvc.perform(call(certify("https://example.org/ns/shop/sa/orders")))).failure()
			.isInstanceOf(BadCredentialsException.class)
			.hasMessageStartingWith("The certificate is not an X.509-SVID: "));
	}

	private X509Certificate certify(String uri) {
		return this.authority.certify(uri, Instant.now().truncatedTo(ChronoUnit.SECONDS), Duration.ofHours(1));
	}

	private static RequestBuilder call(X509Certificate certificate) {
		return MockMvcRequestBuilders.get("/caller").with(SecurityMockMvcRequestPostProcessors.x509(certificate));
	}

	private static void run(Consumer<MockMvcTester> test) {
		new WebApplicationContextRunner().withUserConfiguration(Application.class)
			.run((context) -> test.accept(MockMvcTester.from(context,
					(builder) -> builder.apply(SecurityMockMvcConfigurers.springSecurity()).build())));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	@EnableWebSecurity
	@Import(Callers.class)
	static class Application {

		private static final Map<String, String> ROLES = Map.of(SHOP + "orders", "CALLER", SHOP + "reports", "READER");

		@Bean
		SecurityFilterChain filterChain(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().hasRole("CALLER"))
				.x509((x509) -> x509.x509PrincipalExtractor(new SpiffeX509PrincipalExtractor())
					.userDetailsService(Application::load))
				.build();
		}

		private static UserDetails load(String spiffeId) {
			String role = ROLES.get(spiffeId);
			if (role == null) {
				throw new UsernameNotFoundException("Nobody knows " + spiffeId);
			}
			return User.withUsername(spiffeId).password("").roles(role).build();
		}

	}

}
