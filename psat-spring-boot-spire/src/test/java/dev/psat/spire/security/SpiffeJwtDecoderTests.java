package dev.psat.spire.security;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import org.junit.jupiter.api.Nested;

/**
 * Tests for {@link SpiffeJwtDecoder}.
 */
class SpiffeJwtDecoderTests extends JwtDecoderContract {

	@Override
	TestDecoder decoder(SpireIdentity identity, String audience, String... more) {
		return SpiffeJwtDecoder.of(identity, audience, more)::decode;
	}

	private static TestDecoder federated(SpireIdentity identity, TrustDomain... trustDomains) {
		return SpiffeJwtDecoder.of(identity, TestJwtAuthority.AUDIENCE).federatedWith(trustDomains)::decode;
	}

	/**
	 * Who is accepted.
	 */
	@Nested
	class Federated extends FederatedJwtDecoderContract {

		@Override
		TestDecoder decoder(SpireIdentity identity, TrustDomain... trustDomains) {
			return federated(identity, trustDomains);
		}

		@Override
		TestDecoder decoder(SpireIdentity identity) {
			return SpiffeJwtDecoder.of(identity, TestJwtAuthority.AUDIENCE)::decode;
		}

	}

	/**
	 * Who is trusted.
	 */
	@Nested
	class Distrusting extends DistrustingJwtDecoderContract {

		@Override
		TestDecoder decoder(SpireIdentity identity, TrustDomain... trustDomains) {
			return federated(identity, trustDomains);
		}

	}

}
