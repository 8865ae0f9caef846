package dev.psat.spire.oauth2;

import dev.psat.autoconfigure.PsatProperties;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.SpireAutoConfiguration;
import dev.psat.spire.autoconfigure.SpireProperties;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.env.Environment;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.ReactiveOAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.WebClientReactiveAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.WebClientReactiveClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.WebClientReactiveRefreshTokenTokenResponseClient;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for OAuth 2.0 clients that
 * authenticate with a JWT-SVID, by the client authentication method {@code spiffe_jwt} of
 * their registration. Spring Security finds these beans by their generic types. There is
 * none for the grants {@code jwt-bearer} and {@code token-exchange}, since Spring
 * Security takes it for the wish to use them.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SpireAutoConfiguration.class)
@ConditionalOnClass({ OAuth2AccessTokenResponseClient.class, RestClient.class })
@ConditionalOnBean({ SpireIdentity.class, SpireProperties.class })
public final class SpireOAuth2ClientAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	SpiffeJwtAuthentication spireJwtAuthentication(ObjectProvider<SpireIdentity> identity, PsatProperties properties) {
		return new SpiffeJwtAuthentication(identity::getObject, properties.getOauth2().getClient());
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	ClientRegistrationRule spireJwtClientRegistrationRule(ConfigurableListableBeanFactory beanFactory,
			Environment environment, SpiffeJwtAuthentication authentication, PsatProperties properties) {
		return new ClientRegistrationRule(beanFactory, environment, authentication, properties.getOauth2().getClient());
	}

	@Bean
	@ConditionalOnMissingBean
	TokenEndpoint spireJwtTokenEndpoint() {
		return new TokenEndpoint();
	}

	@Bean
	@Fallback
	@ConditionalOnMissingBean
	OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> spireClientCredentialsTokenResponseClient(
			SpiffeJwtAuthentication authentication, TokenEndpoint endpoint) {
		return new SpiffeTokenResponseClient<>(authentication, endpoint,
				RestClientClientCredentialsTokenResponseClient::new);
	}

	@Bean
	@Fallback
	@ConditionalOnMissingBean
	OAuth2AccessTokenResponseClient<OAuth2RefreshTokenGrantRequest> spireRefreshTokenTokenResponseClient(
			SpiffeJwtAuthentication authentication, TokenEndpoint endpoint) {
		return new SpiffeTokenResponseClient<>(authentication, endpoint,
				RestClientRefreshTokenTokenResponseClient::new);
	}

	@Bean
	@Fallback
	@ConditionalOnMissingBean
	OAuth2AccessTokenResponseClient<OAuth2AuthorizationCodeGrantRequest> spireAuthorizationCodeTokenResponseClient(
			SpiffeJwtAuthentication authentication, TokenEndpoint endpoint) {
		return new SpiffeTokenResponseClient<>(authentication, endpoint,
				RestClientAuthorizationCodeTokenResponseClient::new);
	}

	/** The reactive twins, which an application of any type may use. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Mono.class, WebClient.class, ReactiveOAuth2AccessTokenResponseClient.class })
	static final class Reactive {

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

}
