package dev.psat.products.keycloak;

import java.util.Objects;

import dev.psat.products.CorporateAuthority;
import dev.psat.products.Recipe;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A client that authenticates with its X.509-SVID, at a token endpoint with a certificate
 * of a classic CA. Keycloak compares the subject, whose common name is the first DNS name
 * of the entry.
 */
class KeycloakX509Tests {

	private final TlsWorld world = new TlsWorld();

	private final Keycloak keycloak = new Keycloak(this.world);

	@BeforeEach
	void start() {
		this.keycloak.start();
	}

	@AfterEach
	void stop() {
		this.world.close();
		this.keycloak.close();
	}

	@Test
	void clientIsKnownByItsDnsName() {
		this.world.changeEntry((entry) -> entry.dnsNames("orders"));
		TlsApplication application = run(this.keycloak.tlsIssuer());
		assertThat(ask(application).getAccessToken()).isNotNull();
		application.rotate();
		assertThat(ask(application).getAccessToken()).isNotNull();
		// the certificate is for localhost
		TlsApplication astray = run(this.keycloak.tlsIssuer().replace("localhost", "127.0.0.1"));
		assertThatExceptionOfType(OAuth2AuthorizationException.class).isThrownBy(() -> ask(astray))
			.withMessageContaining("127.0.0.1");
	}

	@Test
	void clientWithoutDnsNameIsNobody() {
		TlsApplication application = run(this.keycloak.tlsIssuer());
		assertThatExceptionOfType(OAuth2AuthorizationException.class).isThrownBy(() -> ask(application))
			.withMessageContaining("invalid_client");
	}

	private TlsApplication run(String issuer) {
		return Recipe.of("keycloak-x509.yaml")
			.with("products.wanted=security.oauth2.client", CorporateAuthority.property(this.world),
					"spring.security.oauth2.client.provider.keycloak.token-uri=" + issuer
							+ "/protocol/openid-connect/token")
			.run(this.world, Application.class);
	}

	private static OAuth2AccessTokenResponse ask(TlsApplication application) {
		return Grants.SERVLET.ask(application.context(), new OAuth2ClientCredentialsGrantRequest(Objects
			.requireNonNull(application.bean(ClientRegistrationRepository.class).findByRegistrationId("keycloak"))));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> clientCredentialsClient(
				SslBundles bundles) {
			RestClientClientCredentialsTokenResponseClient client = new RestClientClientCredentialsTokenResponseClient();
			client.setRestClient(RestClient.builder()
				.requestFactory(ClientHttpRequestFactoryBuilder.jdk()
					.build(HttpClientSettings.ofSslBundle(bundles.getBundle("spire-web"))))
				.configureMessageConverters(
						(converters) -> converters.addCustomConverter(new FormHttpMessageConverter())
							.addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
				.defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
				.build());
			// any converter makes Spring Security accept a method that it does not know
			client.addParametersConverter((request) -> new LinkedMultiValueMap<>());
			return client;
		}

	}

}
