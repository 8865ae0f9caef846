package dev.psat.spire.security;

import dev.psat.spire.SpireIdentity;

/**
 * Tests for {@link SpiffeReactiveJwtDecoder}.
 */
class SpiffeReactiveJwtDecoderTests extends JwtDecoderContract {

	@Override
	Decoder decoder(SpireIdentity identity, String audience, String... more) {
		SpiffeReactiveJwtDecoder decoder = SpiffeReactiveJwtDecoder.of(identity, audience, more);
		return (token) -> decoder.decode(token).blockOptional().orElseThrow();
	}

}
