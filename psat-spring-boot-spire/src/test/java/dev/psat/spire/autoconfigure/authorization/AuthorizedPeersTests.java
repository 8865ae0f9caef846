package dev.psat.spire.autoconfigure.authorization;

import java.util.List;
import java.util.Set;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AuthorizedPeers}.
 */
class AuthorizedPeersTests {

	private static final TrustDomain PARTNER = TrustDomain.of("partner.org");

	private static final ItemRules RULES = new ItemRules(TrustDomain.of("example.org"), Set.of(PARTNER));

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

	@Test
	void workloadOfAnotherTrustDomainHasToBeListedAlsoWhereAnybodyMayConnect() {
		AuthorizedPeers peers = peers(true, "spiffe://partner.org/ns/pay/*");
		assertThat(peers.trustDomains()).containsExactly(PARTNER);
		assertThat(peers.refusal(ORDERS)).isNull();
		assertThat(peers.refusal(SpiffeId.parse("spiffe://partner.org/ns/pay/bank"))).isNull();
		assertThat(peers.refusal(SpiffeId.parse("spiffe://partner.org/ns/shop/sa/orders")))
			.isEqualTo("is not listed in 'some.property', as a workload of another trust domain has to be");
		assertThat(peers(true).refusal(SpiffeId.parse("spiffe://partner.org/ns/pay/bank"))).isEqualTo(
				"is not listed in 'some.property', which is empty, as a workload of another trust domain has to be");
	}

	@Test
	void patternOfOneTrustDomainMeansNoOther() {
		AuthorizedPeers peers = peers(false, "spiffe://partner.org/ns/shop/*", "spiffe://example.org/bank");
		assertThat(peers.refusal(ORDERS)).isEqualTo("is not listed in 'some.property'");
		assertThat(peers.refusal(SpiffeId.parse("spiffe://partner.org/bank")))
			.isEqualTo("is not listed in 'some.property'");
	}

	private static AuthorizedPeers peers(boolean any, String... patterns) {
		return new AuthorizedPeers("some.property", List.of(patterns), any, RULES, null);
	}

}
