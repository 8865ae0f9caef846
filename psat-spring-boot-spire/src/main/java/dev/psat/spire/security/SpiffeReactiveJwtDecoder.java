package dev.psat.spire.security;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

import dev.psat.spire.SpireIdentity;

/**
 * {@link ReactiveJwtDecoder} for JWT-SVIDs of the own trust domain, which accepts and
 * refuses what {@link SpiffeJwtDecoder} does. It never blocks.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md">JWT-SVID</a>
 */
public final class SpiffeReactiveJwtDecoder implements ReactiveJwtDecoder {

	private final NimbusReactiveJwtDecoder decoder;

	private SpiffeReactiveJwtDecoder(JwtSvidProfile profile) {
		// the builder takes one algorithm, and the profile brings the keys for all of
		// them
		this.decoder = NimbusReactiveJwtDecoder.withJwkSource((token) -> Flux.empty())
			.jwtProcessorCustomizer(profile::customize)
			.build();
		this.decoder.setJwtValidator(profile.validator());
	}

	/**
	 * Return a decoder for JWT-SVIDs that are meant for this application.
	 * @param identity knows the trust bundle
	 * @param audience what callers name this application in {@code aud}
	 * @param more further such names, one of which is enough
	 * @return the decoder
	 */
	public static SpiffeReactiveJwtDecoder of(SpireIdentity identity, String audience, String... more) {
		return new SpiffeReactiveJwtDecoder(JwtSvidProfile.of(identity, audience, more));
	}

	@Override
	public Mono<Jwt> decode(String token) {
		return this.decoder.decode(token);
	}

}
