package dev.psat.spire.oauth2;

import java.time.Duration;
import java.util.Map;

import org.springframework.context.ApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.security.oauth2.client.endpoint.AbstractOAuth2AuthorizationGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;

/**
 * {@link TokenResponseClientContract} for {@link SpiffeTokenResponseClient}.
 */
class TokenResponseClientTests extends TokenResponseClientContract {

	@Override
	OAuth2AccessTokenResponse ask(ApplicationContext context, AbstractOAuth2AuthorizationGrantRequest request) {
		OAuth2AccessTokenResponseClient<AbstractOAuth2AuthorizationGrantRequest> client = context
			.<OAuth2AccessTokenResponseClient<AbstractOAuth2AuthorizationGrantRequest>>getBeanProvider(
					ResolvableType.forClassWithGenerics(OAuth2AccessTokenResponseClient.class, request.getClass()))
			.getObject();
		return client.getTokenResponse(request);
	}

	@Override
	OAuth2AccessTokenResponse ask(Duration readTimeout, OAuth2ClientCredentialsGrantRequest request) {
		return new SpiffeTokenResponseClient<>(new SpiffeJwtAuthentication(() -> this.identity, Map.of()),
				new TokenEndpoint(readTimeout), RestClientClientCredentialsTokenResponseClient::new)
			.getTokenResponse(request);
	}

	@Override
	Class<?>[] expectedOfSpring() {
		return new Class<?>[] { OAuth2AuthorizationException.class };
	}

}
