package dev.psat.spire.autoconfigure;

import java.util.List;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.tls.internal.SpiffeIdPattern;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AuthorizedPeers}.
 */
class AuthorizedPeersTests {

	private static final SpiffeId ORDERS = SpiffeId.parse("spiffe://example.org/ns/shop/sa/orders");

	@Test
	void emptyListRefusesEverybodyAndSaysSo() {
		assertThat(peers(false).refusal(ORDERS)).isEqualTo("is not listed in 'some.property', which is empty");
	}

	@Test
	void listLetsInWhomAnyOfItsPatternsMeans() {
		AuthorizedPeers peers = peers(false, "spiffe://example.org/bank", "spiffe://example.org/ns/shop/*");
		assertThat(peers.refusal(ORDERS)).isNull();
		assertThat(peers.refusal(SpiffeId.parse("spiffe://example.org/bank"))).isNull();
		assertThat(peers.refusal(SpiffeId.parse("spiffe://example.org/ns/shop")))
			.isEqualTo("is not listed in 'some.property'");
	}

	@Test
	void anyLetsInWhoIsNotListed() {
		assertThat(peers(true).refusal(ORDERS)).isNull();
		assertThat(peers(true, "spiffe://example.org/bank").refusal(ORDERS)).isNull();
	}

	private static AuthorizedPeers peers(boolean any, String... patterns) {
		return new AuthorizedPeers("some.property",
				List.of(patterns).stream().map((pattern) -> SpiffeIdPattern.parse(pattern, null)).toList(), any);
	}

}
