package dev.psat.spiffe;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.psat.spire.client.Recorded;
import dev.psat.support.CertificateWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link X509Svid}.
 */
class X509SvidTests {

	private static final Instant NOW = TestAuthority.NOW;

	private final TestAuthority root = TestAuthority.root("root");

	@Test
	void svidShowsWhatItsLeafSays() {
		X509Certificate leaf = this.root.leaf();
		X509Svid svid = X509Svid.of(List.of(leaf), null);
		assertThat(svid.spiffeId()).isEqualTo(SpiffeId.parse(TestAuthority.ORDERS));
		assertThat(svid.leaf()).isSameAs(leaf);
		assertThat(svid.serialNumber()).isEqualTo(leaf.getSerialNumber());
		assertThat(svid.issuedAt()).isEqualTo(NOW);
		assertThat(svid.expiresAt()).isEqualTo(NOW.plusSeconds(3600));
		assertThat(svid.hint()).isNull();
		assertThat(svid).hasToString("X509Svid[spiffeId=%s, serialNumber=%d, expiresAt=2026-11-25T11:00:00Z]",
				TestAuthority.ORDERS, leaf.getSerialNumber());
	}

	@Test
	void serialNumberIsWrittenInDecimal() {
		X509Svid svid = X509Svid.of(Recorded.serverChain("server-leaf.der"), null);
		assertThat(svid.serialNumber()).isEqualTo(new BigInteger("04a74a58d560a5b348da4c261b1ea3d2", 16));
		assertThat(svid.toString()).contains("serialNumber=" + svid.serialNumber().toString(10));
	}

	@Test
	void chainIsACopyThatCannotBeChanged() {
		List<X509Certificate> certificates = new ArrayList<>(List.of(this.root.leaf()));
		X509Svid svid = X509Svid.of(certificates, null);
		certificates.clear();
		assertThat(svid.chain()).hasSize(1).isUnmodifiable();
	}

	@Test
	void otherNamesThanUrisAreNoMatter() {
		X509Certificate leaf = this.root
			.sign(TestAuthority.unsigned().dnsName("a.example").uri(TestAuthority.ORDERS).dnsName("b.example"));
		assertThat(X509Svid.of(List.of(leaf), null).spiffeId()).hasToString(TestAuthority.ORDERS);
	}

	@Test
	void subjectMayBeAbsent() {
		X509Certificate leaf = this.root.sign(TestAuthority.unsigned().subject("").uri(TestAuthority.ORDERS));
		assertThat(X509Svid.of(List.of(leaf), null).spiffeId()).hasToString(TestAuthority.ORDERS);
	}

	@Test
	void keyUsageOfAKeyThatSignsNoCertificatesIsNoMatter() {
		X509Certificate leaf = this.root.sign(TestAuthority.unsigned().uri(TestAuthority.ORDERS).keyUsage(0xa8));
		assertThat(X509Svid.of(List.of(leaf), null).leaf()).isEqualTo(leaf);
	}

	@Test
	void emptyChainIsNoSvid() {
		assertThatIllegalArgumentException().isThrownBy(() -> X509Svid.of(List.of(), null))
			.withMessage("An X.509-SVID has at least one certificate");
	}

	@Test
	void certificateOfACaIsNoLeaf() {
		assertNoLeaf(TestAuthority.unsigned().uri(TestAuthority.ORDERS).ca(null), "it is a CA certificate");
		assertNoLeaf(TestAuthority.unsigned().uri(TestAuthority.ORDERS).ca(0), "it is a CA certificate");
	}

	@ParameterizedTest
	@CsvSource({ "0x84", "0x82", "0x04", "0x02" })
	void certificateWhoseKeyMaySignOthersIsNoLeaf(String usage) {
		assertNoLeaf(TestAuthority.unsigned().uri(TestAuthority.ORDERS).keyUsage(Integer.decode(usage)),
				"its key may sign certificates or revocation lists");
	}

	@Test
	void certificateWithoutOrWithTwoUrisIsNoLeaf() {
		assertNoLeaf(TestAuthority.unsigned(), "it has no URI name");
		assertNoLeaf(TestAuthority.unsigned().dnsName("orders.shop.svc"), "it has no URI name");
		assertNoLeaf(TestAuthority.unsigned().uri(TestAuthority.ORDERS).uri("https://example.org"),
				"it has 2 URI names");
		assertNoLeaf(TestAuthority.unsigned().uri(TestAuthority.ORDERS).uri(TestAuthority.ORDERS),
				"it has 2 URI names");
	}

	@ParameterizedTest
	@CsvSource({ "https://example.org/a, is not a valid SPIFFE ID", "spiffe://example.org/a/, is not a valid SPIFFE ID",
			"spiffe://example.org:8443/a, is not a valid SPIFFE ID",
			"spiffe://example.org/%61, is not a valid SPIFFE ID", "SPIFFE://example.org/a, is not a valid SPIFFE ID",
			"spiffe://example.org, has no path" })
	void certificateWithAnotherUriIsNoLeaf(String uri, String problem) {
		assertNoLeaf(TestAuthority.unsigned().uri(uri), problem);
	}

	@ParameterizedTest
	@CsvSource({ "spiffe://my_domain.example/a", "spiffe://1.2.3/a", "spiffe://10.0.0.1/a", "spiffe://-a-/b",
			"spiffe://a..b/c", "spiffe://_/a" })
	void everyTrustDomainIsReadFromACertificate(String id) {
		X509Certificate leaf = this.root.sign(TestAuthority.unsigned().uri(id));
		assertThat(X509Svid.of(List.of(leaf), null).spiffeId()).hasToString(id);
	}

	private void assertNoLeaf(CertificateWriter certificate, String problem) {
		List<X509Certificate> chain = List.of(this.root.sign(certificate));
		assertThatIllegalArgumentException().isThrownBy(() -> X509Svid.of(chain, null))
			.withMessageStartingWith("The certificate is not an X.509-SVID: ")
			.withMessageContaining(problem);
	}

	@Test
	void svidChainsToItsAuthorityUntilItIsRevoked() {
		X509Svid svid = X509Svid.of(List.of(this.root.leaf()), null);
		X509Authority other = new X509Authority(TestAuthority.root("other").certificate(), false);
		X509Authority prepared = new X509Authority(this.root.certificate(), false);
		assertChains(svid, List.of(prepared, other), true, true);
		assertChains(svid, List.of(new X509Authority(this.root.certificate(), true), other), true, false);
		assertChains(svid, List.of(other), false, false);
	}

	private static void assertChains(X509Svid svid, List<X509Authority> authorities, boolean chains,
			boolean untainted) {
		TrustBundle bundle = TestAuthority.bundle(authorities);
		assertThat(svid.chainsTo(bundle, NOW)).isEqualTo(chains);
		assertThat(svid.chainsToUntainted(bundle, NOW)).isEqualTo(untainted);
	}

	@Test
	void authorityThatIsTaintedTooUnderAnotherCertificateIsUntainted() {
		X509Certificate renewed = TestAuthority.unsigned()
			.ca(null)
			.subject("root")
			.key(this.root.keys().getPublic())
			.signedBy("root", this.root.keys().getPrivate());
		X509Svid svid = X509Svid.of(List.of(this.root.leaf()), null);
		assertChains(svid, List.of(new X509Authority(this.root.certificate(), true), new X509Authority(renewed, false)),
				true, true);
	}

	@Test
	void bundleOfAnotherTrustDomainVouchesForNothing() {
		X509Svid svid = X509Svid.of(List.of(this.root.leaf()), null);
		TrustBundle other = TrustBundle.of(TrustDomain.of("example.com"), this.root.bundle().x509Authorities(),
				List.of(), null, null);
		assertThat(svid.chainsTo(other, NOW)).isFalse();
		assertThat(svid.chainsToUntainted(other, NOW)).isFalse();
	}

	@Test
	void svidThatHasExpiredDoesNotChain() {
		X509Svid svid = X509Svid.of(List.of(this.root.leaf()), null);
		assertThat(svid.chainsTo(this.root.bundle(), svid.expiresAt())).isTrue();
		assertThat(svid.chainsTo(this.root.bundle(), svid.expiresAt().plusSeconds(1))).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "prepared, true, true", "activated, true, true", "tainted, true, false", "revoked, false, false" })
	void rotationOfARealServerIsSeenInTheFirstSvid(String step, boolean chains, boolean untainted) throws Exception {
		X509Svid svid = X509Svid.of(Recorded.workloadChain("rotation-prepared-x509svid"), null);
		TrustBundle bundle = Recorded.bundle("rotation-%s-bundle".formatted(step));
		Instant now = Transcripts.step("rotation-%s-bundle".formatted(step)).at();
		assertThat(svid.chainsTo(bundle, now)).isEqualTo(chains);
		assertThat(svid.chainsToUntainted(bundle, now)).isEqualTo(untainted);
	}

}
