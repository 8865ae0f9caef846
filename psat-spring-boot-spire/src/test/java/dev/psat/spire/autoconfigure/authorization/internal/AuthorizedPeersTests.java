package dev.psat.spire.autoconfigure.authorization.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
		assertThat(peers.policy().trustDomains()).containsExactly(PARTNER);
		assertThat(peers.refusal(ORDERS)).isNull();
		assertThat(peers.refusal(SpiffeId.parse("spiffe://partner.org/ns/pay/bank"))).isNull();
		assertThat(peers.refusal(SpiffeId.parse("spiffe://partner.org/ns/shop/sa/orders")))
			.isEqualTo("is not listed in 'some.property', as a workload of another trust domain has to be");
		assertThat(peers(true).refusal(SpiffeId.parse("spiffe://partner.org/ns/pay/bank"))).isEqualTo(
				"is not listed in 'some.property', which is empty, as a workload of another trust domain has to be");
	}

	@Test
	void dryRunTellsWhomTheListWouldRefuse() {
		AuthorizedPeers peers = peers(true, "spiffe://example.org/bank", "spiffe://partner.org/bank");
		assertThat(peers.isDryRun()).isTrue();
		assertThat(peers.refusal(ORDERS)).isNull();
		assertThat(peers.reservation(ORDERS))
			.isEqualTo("is not listed in 'some.property', and will be refused without 'some.any'");
		assertThat(peers.reservation(SpiffeId.parse("spiffe://example.org/bank"))).isNull();
		assertThat(peers.refusal(SpiffeId.parse("spiffe://partner.org/orders"))).isNotNull();
		assertThat(peers.reservation(SpiffeId.parse("spiffe://partner.org/bank"))).isNull();
	}

	@Test
	void listOfOtherTrustDomainsAloneIsNoDryRun() {
		assertThat(peers(true, "spiffe://partner.org/bank").isDryRun()).isFalse();
		assertThat(peers(true, "spiffe://partner.org/bank").reservation(ORDERS)).isNull();
		assertThat(peers(true).isDryRun()).isFalse();
		assertThat(peers(true).reservation(ORDERS)).isNull();
		assertThat(peers(false, "spiffe://example.org/bank").isDryRun()).isFalse();
		assertThat(peers(false, "spiffe://example.org/bank").reservation(ORDERS)).isNull();
	}

	@Test
	void fileBesideEverybodyIsADryRunUnlessItNamesOtherTrustDomainsAlone(@TempDir Path directory) throws Exception {
		Path path = Files.writeString(directory.resolve("list"), "");
		ListFile file = new ListFile("some.property-file", path, RULES, PeerLists.TIME, ListFile.Intervals.DEFAULT);
		AuthorizedPeers peers = new AuthorizedPeers("some.property", List.of(), "some.any", RULES, file);
		assertThat(peers.reservation(ORDERS)).contains("which has not been read yet");
		Files.setLastModifiedTime(path, FileTime.fromMillis(0));
		file.look();
		assertThat(peers.reservation(ORDERS)).isEqualTo(
				"is not listed in the file of 'some.property-file', which is empty, and will be refused without 'some.any'");
		file = new ListFile("some.property-file", Files.writeString(path, "spiffe://partner.org/bank"), RULES,
				PeerLists.TIME, ListFile.Intervals.DEFAULT);
		Files.setLastModifiedTime(path, FileTime.fromMillis(0));
		file.look();
		assertThat(new AuthorizedPeers("some.property", List.of(), "some.any", RULES, file).reservation(ORDERS))
			.isNull();
	}

	@Test
	void patternOfOneTrustDomainMeansNoOther() {
		AuthorizedPeers peers = peers(false, "spiffe://partner.org/ns/shop/*", "spiffe://example.org/bank");
		assertThat(peers.refusal(ORDERS)).isEqualTo("is not listed in 'some.property'");
		assertThat(peers.refusal(SpiffeId.parse("spiffe://partner.org/bank")))
			.isEqualTo("is not listed in 'some.property'");
	}

	private static AuthorizedPeers peers(boolean any, String... patterns) {
		return new AuthorizedPeers("some.property", List.of(patterns), any ? "some.any" : null, RULES, null);
	}

}
