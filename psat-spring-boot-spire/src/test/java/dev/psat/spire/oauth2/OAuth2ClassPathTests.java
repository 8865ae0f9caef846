package dev.psat.spire.oauth2;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.psat.spire.TestIdentity;
import dev.psat.support.Matrix;
import dev.psat.support.SeparateClassPath;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for class paths without what OAuth 2.0 clients are made of, of which a filtered
 * class loader would not take away what the beans themselves refer to.
 */
@Matrix
class OAuth2ClassPathTests {

	private static final String PROVIDER = "spring.security.oauth2.client.provider.bank.token-uri=https://bank.example.org/token";

	private static final String[] BANK = { "spring.security.oauth2.client.registration.bank.client-id=orders",
			"spring.security.oauth2.client.registration.bank.authorization-grant-type=client_credentials",
			"spring.security.oauth2.client.registration.bank.client-authentication-method=spiffe_jwt", PROVIDER };

	@Test
	void startWithoutTheClientOfSpringSecurityLeavesAllOfItOut() throws Exception {
		assertThat(run(new SeparateClassPath().without("spring-security-oauth2-client",
				"spring-boot-security-oauth2-client", "oauth2-oidc-sdk"), BANK))
			.isEmpty();
	}

	@Test
	void startWithoutReactorHasTheOtherClients() throws Exception {
		assertThat(run(new SeparateClassPath().without("reactor-", "spring-webflux", "spring-boot-reactor"),
				Stream
					.concat(Stream.of(BANK),
							Stream.of("spire.psat.oauth2.client.bank.audience=https://bank.example.org"))
					.toArray(String[]::new)))
			.containsExactlyInAnyOrder("spireJwtAuthentication", "spireJwtClientRegistrationRule",
					"spireJwtTokenEndpoint", "spireClientCredentialsTokenResponseClient",
					"spireRefreshTokenTokenResponseClient", "spireAuthorizationCodeTokenResponseClient");
	}

	/**
	 * The JDK's client has a thread as soon as it is created.
	 */
	@Test
	void applicationWithoutRegistrationsHasNoHttpClient() throws Exception {
		assertThat(
				new SeparateClassPath().without("httpclient5", "jetty-", "reactor-netty").run(HttpClientThreads.class))
			.isEmpty();
	}

	private static List<String> run(SeparateClassPath classPath, String... properties) throws Exception {
		return classPath.run(Application.class,
				Stream.of(properties).map((property) -> "--" + property).toArray(String[]::new));
	}

	/**
	 * An application with all auto-configuration that its class path allows.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	public static class Application {

		@Bean
		TestIdentity identity() {
			return new TestIdentity();
		}

		public static List<String> run(String... arguments) {
			SpringApplication application = new SpringApplication(Application.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			try (ConfigurableApplicationContext context = application.run(Stream
				.concat(Stream.of(arguments),
						Stream.of("--spire.psat.cluster=demo-cluster", "--spire.psat.token-path=/no/such/token",
								"--spring.main.banner-mode=off", "--logging.level.root=warn"))
				.toArray(String[]::new))) {
				return Stream.of(context.getBeanDefinitionNames())
					.filter((name) -> name.startsWith("spireJwt") || name.endsWith("TokenResponseClient"))
					.toList();
			}
		}

	}

	/**
	 * The threads of HTTP clients once the application has started.
	 */
	public static final class HttpClientThreads {

		private HttpClientThreads() {
		}

		public static List<String> run(String... arguments) {
			Set<Thread> before = Thread.getAllStackTraces().keySet();
			SpringApplication application = new SpringApplication(Application.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			try (ConfigurableApplicationContext context = application.run("--spire.psat.cluster=demo-cluster",
					"--spire.psat.token-path=/no/such/token", "--spring.main.banner-mode=off",
					"--logging.level.root=warn")) {
				assertThat(context.getBeanNamesForType(SpiffeJwtAuthentication.class)).isNotEmpty();
				return Thread.getAllStackTraces()
					.keySet()
					.stream()
					.filter((thread) -> !before.contains(thread))
					.map(Thread::getName)
					.filter((name) -> name.startsWith("HttpClient-"))
					.toList();
			}
		}

	}

}
