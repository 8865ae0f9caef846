package dev.psat.spire.oauth2;

/**
 * What to say of a registration for which nothing names the audience.
 */
final class MissingAudience {

	private MissingAudience() {
	}

	static String describe(String registrationId) {
		return "The OAuth 2.0 client registration '%s' authenticates by 'spiffe_jwt', and nothing says for which audience its JWT-SVID is."
			.formatted(registrationId);
	}

	static String advise(String registrationId) {
		return "Set 'issuer-uri' of its provider (spring.security.oauth2.client.provider), which authorization servers expect as the audience, or 'spire.psat.oauth2.client.%s.audience' to the audience that this one expects."
			.formatted(registrationId);
	}

}
