package dev.psat.spire.oauth2;

import java.net.http.HttpClient;
import java.time.Duration;

import org.springframework.security.oauth2.client.endpoint.AbstractOAuth2AuthorizationGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;

/**
 * Whichever HTTP client the application has, nobody waits without end, and no redirect is
 * followed, since the JWT-SVID would follow it.
 */
final class TokenRequests {

	static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

	/** For the head of the answer, and for all of it. */
	static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

	/** Of Spring Security. */
	static final String INVALID_RESPONSE = "invalid_token_response";

	private TokenRequests() {
	}

	static HttpClient httpClient() {
		return HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.followRedirects(HttpClient.Redirect.NEVER)
			.connectTimeout(CONNECT_TIMEOUT)
			.build();
	}

	/**
	 * As in Spring Security, what the answer to a refresh token does not name stays as it
	 * was.
	 */
	static OAuth2AccessTokenResponse complete(AbstractOAuth2AuthorizationGrantRequest request,
			OAuth2AccessTokenResponse response) {
		if (!(request instanceof OAuth2RefreshTokenGrantRequest refresh)) {
			return response;
		}
		OAuth2AccessTokenResponse.Builder completed = OAuth2AccessTokenResponse.withResponse(response);
		if (response.getAccessToken().getScopes().isEmpty()) {
			completed.scopes(refresh.getAccessToken().getScopes());
		}
		if (response.getRefreshToken() == null) {
			completed.refreshToken(refresh.getRefreshToken().getTokenValue());
		}
		return completed.build();
	}

	static OAuth2AuthorizationException redirected(int status) {
		return new OAuth2AuthorizationException(
				error("The token endpoint redirects (%d), which is not followed".formatted(status)));
	}

	static OAuth2Error error(String description) {
		return new OAuth2Error(INVALID_RESPONSE, description, null);
	}

}
