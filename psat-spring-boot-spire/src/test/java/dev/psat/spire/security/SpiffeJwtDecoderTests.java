package dev.psat.spire.security;

import dev.psat.spire.SpireIdentity;

/**
 * Tests for {@link SpiffeJwtDecoder}.
 */
class SpiffeJwtDecoderTests extends JwtDecoderContract {

	@Override
	Decoder decoder(SpireIdentity identity, String audience, String... more) {
		return SpiffeJwtDecoder.of(identity, audience, more)::decode;
	}

}
