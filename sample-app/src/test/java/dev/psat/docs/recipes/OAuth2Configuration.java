package dev.psat.docs.recipes;

import java.nio.file.Path;
import java.util.Map;

import dev.psat.token.TokenSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.util.MultiValueMap;

// tag::oauth2[]
@Configuration(proxyBeanMethods = false)
class OAuth2Configuration {

	private static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

	@Bean(defaultCandidate = false)
	TokenSource assertionTokenSource(@Value("${assertion.token-path}") Path path,
			@Value("${assertion.audience}") String audience) {
		return TokenSource.builder(path).audience(audience).build();
	}

	@Bean
	OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> clientCredentialsClient(
			@Qualifier("assertionTokenSource") TokenSource source) {
		RestClientClientCredentialsTokenResponseClient client = new RestClientClientCredentialsTokenResponseClient();
		client.addParametersConverter(
				(request) -> MultiValueMap.fromSingleValue(Map.of(OAuth2ParameterNames.CLIENT_ASSERTION_TYPE,
						JWT_BEARER, OAuth2ParameterNames.CLIENT_ASSERTION, source.value())));
		return client;
	}

}
// end::oauth2[]
