package dev.psat.spire.oauth2;

import java.util.Map;
import java.util.function.Supplier;

import dev.psat.autoconfigure.PsatProperties;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.client.endpoint.AbstractOAuth2AuthorizationGrantRequest;
import org.springframework.security.oauth2.client.endpoint.DefaultOAuth2TokenRequestHeadersConverter;
import org.springframework.security.oauth2.client.endpoint.DefaultOAuth2TokenRequestParametersConverter;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.util.MultiValueMap;
import org.springframework.util.StringUtils;

/** The assertion of {@code spiffe_jwt} is a JWT-SVID for the authorization server. */
final class SpiffeJwtAuthentication {

	static final String METHOD = "spiffe_jwt";

	private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-spiffe";

	private static final String UNAVAILABLE = "jwt_svid_unavailable";

	private final Supplier<SpireIdentity> identity;

	private final Map<String, PsatProperties.Oauth2.Client> clients;

	/**
	 * The identity must not be created for this: its attestor may use an OAuth 2.0 client
	 * itself.
	 */
	SpiffeJwtAuthentication(Supplier<SpireIdentity> identity, Map<String, PsatProperties.Oauth2.Client> clients) {
		this.identity = identity;
		this.clients = clients;
	}

	static boolean isMethodOf(ClientRegistration registration) {
		return METHOD.equals(registration.getClientAuthenticationMethod().getValue());
	}

	/** As in a test. */
	boolean isDisabled() {
		return this.identity.get().status().state() == SpireState.DISABLED;
	}

	@Nullable String audience(ClientRegistration registration) {
		PsatProperties.Oauth2.Client client = this.clients.get(registration.getRegistrationId());
		String audience = (client != null) ? client.getAudience() : null;
		return StringUtils.hasText(audience) ? audience : registration.getProviderDetails().getIssuerUri();
	}

	<T extends AbstractOAuth2AuthorizationGrantRequest> HttpHeaders headers(T request) {
		return new DefaultOAuth2TokenRequestHeadersConverter<T>().convert(request);
	}

	/** May have to wait. */
	<T extends AbstractOAuth2AuthorizationGrantRequest> MultiValueMap<String, String> parameters(T request) {
		String assertion = assertion(request.getClientRegistration());
		MultiValueMap<String, String> parameters = new DefaultOAuth2TokenRequestParametersConverter<T>()
			.convert(request);
		parameters.set(OAuth2ParameterNames.CLIENT_ASSERTION_TYPE, ASSERTION_TYPE);
		parameters.set(OAuth2ParameterNames.CLIENT_ASSERTION, assertion);
		return parameters;
	}

	private String assertion(ClientRegistration registration) {
		String audience = audience(registration);
		if (!StringUtils.hasText(audience)) {
			// Spring Security also refuses at this point what it cannot do
			throw new IllegalArgumentException(missingAudience(registration.getRegistrationId()) + " "
					+ audienceAdvice(registration.getRegistrationId()));
		}
		try {
			return this.identity.get().jwtSvid(audience).token();
		}
		catch (SvidUnavailableException ex) {
			// what Spring Security expects and its handlers handle
			throw new OAuth2AuthorizationException(
					new OAuth2Error(UNAVAILABLE, "There is no JWT-SVID to authenticate the client '%s' with: %s"
						.formatted(registration.getRegistrationId(), ex.getMessage()), null),
					ex);
		}
	}

	static String missingAudience(String registrationId) {
		return "The OAuth 2.0 client registration '%s' authenticates by 'spiffe_jwt', and nothing says for which audience its JWT-SVID is."
			.formatted(registrationId);
	}

	static String audienceAdvice(String registrationId) {
		return "Set 'issuer-uri' of its provider (spring.security.oauth2.client.provider), which authorization servers expect as the audience, or 'spire.psat.oauth2.client.%s.audience' to the audience that this one expects."
			.formatted(registrationId);
	}

}
