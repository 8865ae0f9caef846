package dev.psat.spire.security;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

/**
 * {@link ReactiveJwtDecoder} for JWT-SVIDs of this application's trust domain, and of
 * those that {@link #federatedWith} names. It accepts and rejects the same tokens as
 * {@link SpiffeJwtDecoder}, and never blocks.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md">JWT-SVID</a>
 */
public final class SpiffeReactiveJwtDecoder implements ReactiveJwtDecoder {

	private final JwtSvidProfile profile;

	private final NimbusReactiveJwtDecoder decoder;

	private SpiffeReactiveJwtDecoder(JwtSvidProfile profile) {
		this.profile = profile;
		// the profile selects the keys
		this.decoder = NimbusReactiveJwtDecoder.withJwkSource((token) -> Flux.empty())
			.jwtProcessorCustomizer(profile::customize)
			.build();
		this.decoder.setJwtValidator(profile.validator());
	}

	/**
	 * Create a decoder for JWT-SVIDs that are meant for this application.
	 * @param identity the identity, which provides the trust bundle
	 * @param audience the audience that callers put into {@code aud}
	 * @param more further audiences, any of which is accepted
	 * @return a new decoder
	 */
	public static SpiffeReactiveJwtDecoder of(SpireIdentity identity, String audience, String... more) {
		return new SpiffeReactiveJwtDecoder(JwtSvidProfile.of(identity, audience, more));
	}

	/**
	 * Create a decoder that also accepts JWT-SVIDs of other trust domains, while the
	 * identity trusts these.
	 * @param trustDomains the other trust domains, which replace those of an earlier call
	 * @return a new decoder
	 * @see SpiffeJwtDecoder#federatedWith
	 */
	public SpiffeReactiveJwtDecoder federatedWith(TrustDomain... trustDomains) {
		return new SpiffeReactiveJwtDecoder(this.profile.federatedWith(trustDomains));
	}

	@Override
	public Mono<Jwt> decode(String token) {
		return this.decoder.decode(token);
	}

}
