package dev.psat.spire.oauth2;

import java.util.function.Supplier;

import org.springframework.security.oauth2.client.endpoint.AbstractOAuth2AuthorizationGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.util.function.SingletonSupplier;

/**
 * Authenticates registrations with the method {@code spiffe_jwt}, and leaves all others
 * to Spring Security, also to be refused.
 */
final class SpiffeTokenResponseClient<T extends AbstractOAuth2AuthorizationGrantRequest>
		implements OAuth2AccessTokenResponseClient<T> {

	private final SpiffeJwtAuthentication authentication;

	private final TokenEndpoint endpoint;

	/** Created when needed, since its HTTP client may have a thread. */
	private final Supplier<OAuth2AccessTokenResponseClient<T>> others;

	SpiffeTokenResponseClient(SpiffeJwtAuthentication authentication, TokenEndpoint endpoint,
			Supplier<OAuth2AccessTokenResponseClient<T>> others) {
		this.authentication = authentication;
		this.endpoint = endpoint;
		this.others = SingletonSupplier.of(others);
	}

	@Override
	public OAuth2AccessTokenResponse getTokenResponse(T request) {
		if (!SpiffeJwtAuthentication.isMethodOf(request.getClientRegistration())) {
			return this.others.get().getTokenResponse(request);
		}
		return TokenRequests.complete(request,
				this.endpoint.ask(request.getClientRegistration().getProviderDetails().getTokenUri(),
						this.authentication.headers(request), this.authentication.parameters(request)));
	}

}
