package dev.psat.spire.server;

import dev.psat.spiffe.TrustDomain;
import dev.psat.token.TokenClaims;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EntryChoice.CandidateFilter}.
 */
class CandidateFilterTests {

	private static final TrustDomain TRUST_DOMAIN = TrustDomain.of("example.org");

	private final EntryChoice.CandidateFilter filter = new EntryChoice.CandidateFilter(TRUST_DOMAIN, TestClaims.POD);

	@Test
	void entryWithoutSelectorsIsCandidate() {
		assertThat(isCandidate(new TestEntry())).isTrue();
	}

	@Test
	void entryThatIsMoreThanAWorkloadIsNoCandidate() {
		assertThat(isCandidate(new TestEntry().admin())).isFalse();
		assertThat(isCandidate(new TestEntry().downstream())).isFalse();
		assertThat(isCandidate(new TestEntry().storeSvid())).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "spiffe://other.org/ns/shop/sa/orders", "spiffe://example.org/spire/agent/x",
			"spiffe://example.org/spire/server", "spiffe://example.org/spire", "spiffe://example.org" })
	void idOfNoWorkloadIsNoCandidate(String spiffeId) {
		assertThat(isCandidate(new TestEntry().spiffeId(spiffeId))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "spiffe://example.org/spirei", "spiffe://example.org/ns/spire/sa/server" })
	void idThatOnlyResemblesAReservedOneIsCandidate(String spiffeId) {
		assertThat(isCandidate(new TestEntry().spiffeId(spiffeId))).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "ns:shop", "sa:orders", "pod-uid:" + TestClaims.POD_UID, "pod-name:orders-1", "node-name:node-1" })
	void entryWithSelectorOfThisPodIsCandidate(String selector) {
		assertThat(isCandidate(new TestEntry().selector("k8s", selector))).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "ns:bank", "sa:payments", "pod-uid:other", "pod-name:orders-2", "node-name:node-2", "ns:" })
	void entryWithOneSelectorOfAnotherPodIsNoCandidate(String selector) {
		assertThat(isCandidate(
				new TestEntry().selector("k8s", "ns:shop").selector("k8s", selector).selector("k8s", "sa:orders")))
			.isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "k8s, pod-label:app:bank", "k8s, container-name:main", "k8s, ns", "unix, ns:bank",
			"k8s_psat, agent_ns:bank" })
	void selectorThatTheTokenDoesNotTellOfContradictsNothing(String type, String value) {
		assertThat(isCandidate(new TestEntry().selector(type, value))).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "ns:bank", "sa:payments", "pod-uid:other", "pod-name:other", "node-name:other" })
	void tokenWithoutClaimsContradictsNothing(String selector) {
		EntryChoice.CandidateFilter filter = new EntryChoice.CandidateFilter(TRUST_DOMAIN, TokenClaims.NONE);
		assertThat(filter.isCandidate(new TestEntry().selector("k8s", selector).build())).isTrue();
	}

	private boolean isCandidate(TestEntry entry) {
		return this.filter.isCandidate(entry.build());
	}

}
