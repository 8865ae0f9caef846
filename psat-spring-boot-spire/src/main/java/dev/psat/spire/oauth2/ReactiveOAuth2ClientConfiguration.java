package dev.psat.spire.oauth2;

import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.ReactiveOAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.WebClientReactiveAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.WebClientReactiveClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.WebClientReactiveRefreshTokenTokenResponseClient;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The reactive twins of the beans of {@link SpireOAuth2ClientAutoConfiguration}, which an
 * application of any type may use.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ Mono.class, WebClient.class, ReactiveOAuth2AccessTokenResponseClient.class })
class ReactiveOAuth2ClientConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ReactiveTokenEndpoint spireJwtReactiveTokenEndpoint() {
		return new ReactiveTokenEndpoint();
	}

	@Bean
	@Fallback
	@ConditionalOnMissingBean
	ReactiveOAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> spireReactiveClientCredentialsTokenResponseClient(
			SpiffeJwtAuthentication authentication, ReactiveTokenEndpoint endpoint) {
		return new ReactiveSpiffeTokenResponseClient<>(authentication, endpoint,
				WebClientReactiveClientCredentialsTokenResponseClient::new);
	}

	@Bean
	@Fallback
	@ConditionalOnMissingBean
	ReactiveOAuth2AccessTokenResponseClient<OAuth2RefreshTokenGrantRequest> spireReactiveRefreshTokenTokenResponseClient(
			SpiffeJwtAuthentication authentication, ReactiveTokenEndpoint endpoint) {
		return new ReactiveSpiffeTokenResponseClient<>(authentication, endpoint,
				WebClientReactiveRefreshTokenTokenResponseClient::new);
	}

	@Bean
	@Fallback
	@ConditionalOnMissingBean
	ReactiveOAuth2AccessTokenResponseClient<OAuth2AuthorizationCodeGrantRequest> spireReactiveAuthorizationCodeTokenResponseClient(
			SpiffeJwtAuthentication authentication, ReactiveTokenEndpoint endpoint) {
		return new ReactiveSpiffeTokenResponseClient<>(authentication, endpoint,
				WebClientReactiveAuthorizationCodeTokenResponseClient::new);
	}

}
