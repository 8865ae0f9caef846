package dev.psat.spire.security;

import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import org.junit.jupiter.api.Nested;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Tests for {@link SpiffeReactiveJwtDecoder}.
 */
class SpiffeReactiveJwtDecoderTests extends JwtDecoderContract {

	@Override
	TestDecoder decoder(SpireIdentity identity, String audience, String... more) {
		return blocking(SpiffeReactiveJwtDecoder.of(identity, audience, more));
	}

	/**
	 * Let a thread decode that must not block.
	 */
	private static TestDecoder blocking(SpiffeReactiveJwtDecoder decoder) {
		return (token) -> Mono.defer(() -> decoder.decode(token))
			.subscribeOn(Schedulers.parallel())
			.blockOptional()
			.orElseThrow();
	}

	private static TestDecoder federated(SpireIdentity identity, TrustDomain... trustDomains) {
		return blocking(SpiffeReactiveJwtDecoder.of(identity, TestJwtAuthority.AUDIENCE).federatedWith(trustDomains));
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
			return blocking(SpiffeReactiveJwtDecoder.of(identity, TestJwtAuthority.AUDIENCE));
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
