package dev.psat.products.keycloak;

import java.util.Objects;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.security.oauth2.client.endpoint.AbstractOAuth2AuthorizationGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.ReactiveOAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;

/**
 * The beans by which Spring Security asks for tokens.
 */
enum Grants {

	SERVLET {

		@Override
		OAuth2AccessTokenResponse ask(BeanFactory beans, AbstractOAuth2AuthorizationGrantRequest request) {
			return beans
				.<OAuth2AccessTokenResponseClient<AbstractOAuth2AuthorizationGrantRequest>>getBeanProvider(
						ResolvableType.forClassWithGenerics(OAuth2AccessTokenResponseClient.class, request.getClass()))
				.getObject()
				.getTokenResponse(request);
		}

	},

	REACTIVE {

		@Override
		OAuth2AccessTokenResponse ask(BeanFactory beans, AbstractOAuth2AuthorizationGrantRequest request) {
			return Objects.requireNonNull(beans
				.<ReactiveOAuth2AccessTokenResponseClient<AbstractOAuth2AuthorizationGrantRequest>>getBeanProvider(
						ResolvableType.forClassWithGenerics(ReactiveOAuth2AccessTokenResponseClient.class,
								request.getClass()))
				.getObject()
				.getTokenResponse(request)
				.block());
		}

	};

	abstract OAuth2AccessTokenResponse ask(BeanFactory beans, AbstractOAuth2AuthorizationGrantRequest request);

}
