package dev.psat.spiffe;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import dev.psat.spiffe.internal.Certificates;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.Recorded;
import dev.psat.spire.client.ReturnedSvidTests;
import dev.psat.support.CertificateWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SvidVerifier} and {@link PathSearch}.
 */
class SvidVerifierTests {

	private static final Instant NOW = TestAuthority.NOW;

	private final TestAuthority root = TestAuthority.root("root");

	private final TestAuthority first = this.root.intermediate("first");

	private final TestAuthority second = this.first.intermediate("second");

	@ParameterizedTest
	@ValueSource(strings = { "server-leaf.der, bundle", "rotation-prepared-server-leaf.der, rotation-prepared-bundle",
			"rotation-activated-server-leaf.der, rotation-activated-bundle",
			"rotation-tainted-server-leaf.der, rotation-tainted-bundle",
			"rotation-revoked-server-leaf.der, rotation-revoked-bundle" })
	void realServerIsVerified(String files) throws Exception {
		String[] file = files.split(", ");
		assertThat(verify(Recorded.serverChain(file[0]), Recorded.bundle(file[1]), Transcripts.step(file[1]).at()))
			.hasToString("spiffe://example.org/spire/server");
	}

	@Test
	void leafMayHaveTheNameAndTheKeyOfItsAuthority() throws Exception {
		TestAuthority authority = TestAuthority.root("root");
		X509Certificate leaf = authority
			.sign(TestAuthority.unsigned().subject("root").key(authority.keys().getPublic()).uri(TestAuthority.ORDERS));
		authority.bundle().verify(X509Svid.of(List.of(leaf), null), TestAuthority.NOW);
	}

	@Test
	void realServerIsNotVerifiedByABundleThatIsTooOld() throws Exception {
		TrustBundle old = Recorded.file("bundle-before.pem");
		assertUntrusted(Recorded.serverChain("rotation-tainted-server-leaf.der"), old,
				Transcripts.step("rotation-tainted-bundle").at(), "does not chain to an authority of the trust bundle");
	}

	@Test
	void intermediatesMayComeInAnyOrderAndBeTooMany() throws Exception {
		List<X509Certificate> intermediates = new ArrayList<>(List.of(this.first.certificate(),
				this.second.certificate(), this.root.certificate(), TestAuthority.root("other").certificate()));
		for (int i = 0; i < intermediates.size(); i++) {
			Collections.rotate(intermediates, 1);
			assertTrusted(chain(this.second.leaf(), intermediates), this.root.bundle());
		}
		Collections.reverse(intermediates);
		assertTrusted(chain(this.second.leaf(), intermediates), this.root.bundle());
	}

	@Test
	void missingIntermediateIsRefused() {
		assertUntrusted(List.of(this.second.leaf(), this.first.certificate()), this.root.bundle(), NOW,
				"does not chain to an authority of the trust bundle");
	}

	@Test
	void authorityNeedNotBeSelfSigned() throws Exception {
		assertTrusted(List.of(this.second.leaf()), this.second.bundle());
		assertTrusted(List.of(this.second.leaf(), this.second.certificate(), this.first.certificate()),
				this.second.bundle());
		assertTrusted(List.of(this.second.leaf(), this.second.certificate()), this.first.bundle());
	}

	@Test
	void authorityOfTheSameNameWithAnotherKeyIsPassedOver() throws Exception {
		TestAuthority namesake = TestAuthority.root("root");
		assertTrusted(List.of(this.root.leaf()), TestAuthority.bundle(namesake.certificate(), this.root.certificate()));
		assertUntrusted(List.of(this.root.leaf()), namesake.bundle(), NOW, "does not chain");
	}

	@Test
	void intermediateOfTheSameNameWithAnotherKeyIsPassedOver() throws Exception {
		X509Certificate namesake = this.root.intermediate("first").certificate();
		assertTrusted(List.of(this.first.leaf(), namesake, this.first.certificate()), this.root.bundle());
	}

	@Test
	void ofTwoCertificatesOfAnIntermediateTheOneThatAnAuthoritySignedIsTaken() throws Exception {
		TestAuthority other = TestAuthority.root("other");
		X509Certificate crossSigned = other
			.sign(TestAuthority.unsigned().ca(null).subject("first").key(this.first.keys().getPublic()));
		assertTrusted(List.of(this.first.leaf(), this.first.certificate(), crossSigned), other.bundle());
		assertTrusted(List.of(this.first.leaf(), this.first.certificate(), crossSigned), this.root.bundle());
	}

	@Test
	void intermediatesThatSignEachOtherLeadNowhere() {
		X509Certificate one = this.second
			.sign(TestAuthority.unsigned().ca(null).subject("first").key(this.first.keys().getPublic()));
		List<X509Certificate> chain = new ArrayList<>(List.of(this.second.leaf()));
		for (int i = 0; i < 50; i++) {
			chain.add(one);
			chain.add(this.second.certificate());
		}
		assertUntrusted(chain, this.root.bundle(), NOW, "does not chain");
	}

	@Test
	void taintedAuthorityStillVouches() throws Exception {
		assertTrusted(List.of(this.root.leaf()),
				TestAuthority.bundle(List.of(new X509Authority(this.root.certificate(), true))));
	}

	@Test
	void trustBundleVouchesForItsOwnTrustDomainAlone() {
		X509Certificate leaf = this.root.sign(TestAuthority.unsigned().uri("spiffe://example.com/a"));
		assertUntrusted(List.of(leaf), this.root.bundle(), NOW, "belongs to a trust domain other than example.org");
	}

	@ParameterizedTest
	@CsvSource({ "-131, false", "-130, true", "-10, true", "0, true", "3600, true", "3720, true", "3721, false" })
	void leafOfAPeerMayBeginOrEnd120SecondsOffThePresent(long seconds, boolean trusted) throws Exception {
		TestAuthority authority = TestAuthority.root("authority",
				TestAuthority.unsigned().ca(null).valid(NOW.minusSeconds(10), NOW.plusSeconds(86400)));
		List<X509Certificate> chain = List.of(authority.leaf());
		Instant now = NOW.plusSeconds(seconds);
		if (trusted) {
			assertThat(verify(chain, authority.bundle(), now)).hasToString(TestAuthority.ORDERS);
		}
		else {
			assertUntrusted(chain, authority.bundle(), now, (seconds < 0)
					? "is not valid before " + NOW.minusSeconds(10) : "expired at " + NOW.plusSeconds(3600));
		}
	}

	@ParameterizedTest
	@CsvSource({ "-1000000, true", "-11, true", "0, true", "3600, true", "3601, false" })
	void clockMayBeBehindAnSvidOfOurOwn(long seconds, boolean trusted) {
		X509Svid svid = X509Svid.of(List.of(this.root.leaf()), null);
		assertThat(svid.chainsTo(this.root.bundle(), NOW.plusSeconds(seconds))).isEqualTo(trusted);
	}

	@Test
	void authorityThatHasExpiredVouchesForNothing() {
		TestAuthority expired = TestAuthority.root("expired",
				TestAuthority.unsigned().ca(null).valid(NOW.minusSeconds(100), NOW.minusSeconds(1)));
		assertUntrusted(List.of(expired.leaf()), expired.bundle(), NOW, "does not chain");
	}

	@ParameterizedTest
	@CsvSource({ "3600, true", "3601, false", "3661, false" })
	void leewayIsForPeersAndNotForAuthorities(long seconds, boolean trusted) throws Exception {
		TestAuthority ending = TestAuthority.root("ending",
				TestAuthority.unsigned().ca(null).valid(NOW.minusSeconds(10), NOW.plusSeconds(3600)));
		List<X509Certificate> chain = List
			.of(ending.sign(TestAuthority.unsigned().uri(TestAuthority.ORDERS).valid(NOW, NOW.plusSeconds(3599))));
		if (trusted) {
			assertThat(verify(chain, ending.bundle(), NOW.plusSeconds(seconds))).hasToString(TestAuthority.ORDERS);
		}
		else {
			assertUntrusted(chain, ending.bundle(), NOW.plusSeconds(seconds), "does not chain");
		}
	}

	@Test
	void expiredAuthorityDoesNotStandInTheWayOfItsSuccessor() throws Exception {
		X509Certificate expired = this.root.sign(TestAuthority.unsigned()
			.ca(null)
			.subject("root")
			.key(this.root.keys().getPublic())
			.valid(NOW.minusSeconds(100), NOW.minusSeconds(1)));
		assertTrusted(List.of(this.root.leaf()), TestAuthority.bundle(expired, this.root.certificate()));
	}

	@Test
	void intermediateThatHasExpiredIsRefused() {
		TestAuthority expired = this.root.intermediate("expired",
				TestAuthority.unsigned().ca(null).valid(NOW.minusSeconds(100), NOW.minusSeconds(1)));
		assertUntrusted(List.of(expired.leaf(), expired.certificate()), this.root.bundle(), NOW,
				"has an invalid chain: an intermediate expired at " + NOW.minusSeconds(1));
	}

	@Test
	void intermediateThatHasExpiredDoesNotStandInTheWayOfTheRenewedOne() throws Exception {
		X509Certificate expired = this.root.sign(TestAuthority.unsigned()
			.ca(null)
			.subject("first")
			.key(this.first.keys().getPublic())
			.valid(NOW.minusSeconds(100), NOW.minusSeconds(1)));
		assertTrusted(List.of(this.first.leaf(), expired, this.first.certificate()), this.root.bundle());
		assertTrusted(List.of(this.first.leaf(), this.first.certificate(), expired), this.root.bundle());
	}

	@Test
	void intermediateThatIsNotValidYetIsRefused() {
		TestAuthority early = this.root.intermediate("early",
				TestAuthority.unsigned().ca(null).valid(NOW.plusSeconds(1), NOW.plusSeconds(100)));
		assertUntrusted(List.of(early.leaf(), early.certificate()), this.root.bundle(), NOW,
				"has an invalid chain: an intermediate is not valid before " + NOW.plusSeconds(1));
	}

	@Test
	void certificateThatIsNoCaVouchesForNothing() {
		TestAuthority leaf = this.root.intermediate("leaf", TestAuthority.unsigned().uri(TestAuthority.ORDERS));
		assertUntrusted(List.of(leaf.leaf(), leaf.certificate()), this.root.bundle(), NOW, "has an invalid chain");
		assertUntrusted(List.of(leaf.leaf()), leaf.bundle(), NOW, "does not chain");
		assertUntrusted(List.of(leaf.certificate()), leaf.bundle(), NOW, "does not chain");
	}

	@Test
	void intermediateThatMayNotSignCertificatesIsRefused() {
		TestAuthority intermediate = this.root.intermediate("a", TestAuthority.unsigned().ca(null).keyUsage(0x80));
		assertUntrusted(List.of(intermediate.leaf(), intermediate.certificate()), this.root.bundle(), NOW,
				"has an invalid chain");
	}

	@Test
	void pathLengthHolds() throws Exception {
		TestAuthority last = this.root.intermediate("last", TestAuthority.unsigned().ca(0));
		assertTrusted(List.of(last.leaf(), last.certificate()), this.root.bundle());
		TestAuthority oneMore = last.intermediate("one more");
		assertUntrusted(List.of(oneMore.leaf(), oneMore.certificate(), last.certificate()), this.root.bundle(), NOW,
				"has an invalid chain");
	}

	@Test
	void pathLengthOfAnAuthorityHolds() throws Exception {
		TestAuthority root = TestAuthority.root("root", TestAuthority.unsigned().ca(0));
		assertTrusted(List.of(root.leaf()), root.bundle());
		TestAuthority below = root.intermediate("below");
		assertUntrusted(List.of(below.leaf(), below.certificate()), root.bundle(), NOW,
				"has an invalid chain: an intermediate exceeds the path length of its issuer");
		X509Certificate successor = root
			.sign(TestAuthority.unsigned().ca(1).subject("root").key(root.keys().getPublic()));
		assertTrusted(List.of(below.leaf(), below.certificate()), TestAuthority.bundle(root.certificate(), successor));
		X509Certificate rolledOver = root
			.sign(TestAuthority.unsigned().ca(0).subject("root").key(TestAuthority.KEYS.getPublic()));
		X509Certificate leaf = TestAuthority.unsigned()
			.uri(TestAuthority.ORDERS)
			.signedBy("root", TestAuthority.KEYS.getPrivate());
		assertTrusted(List.of(leaf, rolledOver), root.bundle());
	}

	@Test
	void authorityThatMayNotSignCertificatesVouchesForNothing() {
		TestAuthority root = TestAuthority.root("root", TestAuthority.unsigned().ca(null).keyUsage(0x80));
		assertUntrusted(List.of(root.leaf()), root.bundle(), NOW, "does not chain");
	}

	@Test
	void nameConstraintsOfAnAuthorityHold() throws Exception {
		TestAuthority own = TestAuthority.root("own", TestAuthority.unsigned().ca(null).permittedUris("example.org"));
		TestAuthority foreign = TestAuthority.root("foreign",
				TestAuthority.unsigned().ca(null).permittedUris("example.com"));
		assertTrusted(List.of(own.leaf()), own.bundle());
		assertUntrusted(List.of(foreign.leaf()), foreign.bundle(), NOW, "has an invalid chain");
		TestAuthority below = own.intermediate("below");
		assertTrusted(List.of(below.leaf(), below.certificate()), own.bundle());
		TestAuthority notSelfSigned = this.root.intermediate("not self-signed",
				TestAuthority.unsigned().ca(null).permittedUris("example.org"));
		assertUntrusted(List.of(notSelfSigned.leaf()), notSelfSigned.bundle(), NOW,
				"its authority has name constraints, but is not self-signed");
		assertTrusted(List.of(notSelfSigned.leaf(), notSelfSigned.certificate()), this.root.bundle());
	}

	@ParameterizedTest
	@ValueSource(strings = { "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.3" })
	void extendedKeyUsageIsNoMatter(String purpose) throws Exception {
		assertTrusted(
				List.of(this.root
					.sign(TestAuthority.unsigned().uri(TestAuthority.ORDERS).criticalExtendedKeyUsage(purpose))),
				this.root.bundle());
	}

	@Test
	void algorithmThatTheJdkDisablesIsRefused() throws Exception {
		KeyPair keys = KeyType.RSA_2048.generate();
		X509Certificate authority = TestAuthority.unsigned()
			.ca(null)
			.subject("rsa")
			.key(keys.getPublic())
			.signedBy("rsa", keys.getPrivate(), "SHA256withRSA", "1.2.840.113549.1.1.11");
		CertificateWriter leaf = TestAuthority.unsigned().uri(TestAuthority.ORDERS);
		assertTrusted(List.of(leaf.signedBy("rsa", keys.getPrivate(), "SHA256withRSA", "1.2.840.113549.1.1.11")),
				TestAuthority.bundle(authority));
		assertUntrusted(List.of(leaf.signedBy("rsa", keys.getPrivate(), "MD5withRSA", "1.2.840.113549.1.1.4")),
				TestAuthority.bundle(authority), NOW, "has an invalid chain: Algorithm constraints check failed");
	}

	@Test
	void whatAStrangerWroteIntoACertificateMakesNoLines() throws Exception {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
		generator.initialize(512);
		X509Certificate leaf = this.root.sign(TestAuthority.unsigned()
			.uri(TestAuthority.ORDERS)
			.key(generator.generateKeyPair().getPublic())
			.subject("forged\n" + "x".repeat(5000)));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> verify(List.of(leaf), this.root.bundle(), NOW))
			.withMessageContaining("has an invalid chain: Algorithm constraints check failed")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("\n").hasSizeLessThan(1200));
	}

	@Test
	void signatureOfAnotherKeyIsRefused() {
		X509Certificate forged = TestAuthority.unsigned()
			.uri(TestAuthority.ORDERS)
			.signedBy("root", TestAuthority.KEYS.getPrivate());
		assertUntrusted(List.of(forged), this.root.bundle(), NOW, "does not chain");
		assertUntrusted(List.of(forged, this.root.certificate()), this.root.bundle(), NOW, "does not chain");
	}

	@Test
	void whateverAPeerPresentsIsVerifiedOrRefused() {
		String leaf = new String(ReturnedSvidTests.encoded(this.first.leaf()), StandardCharsets.ISO_8859_1);
		String intermediate = new String(ReturnedSvidTests.encoded(this.first.certificate()),
				StandardCharsets.ISO_8859_1);
		Mutations.check(leaf, 5000, (mutated) -> verifyMutated(mutated, intermediate));
		Mutations.check(intermediate, 5000, (mutated) -> verifyMutated(leaf, mutated));
	}

	private void verifyMutated(String... certificates) {
		List<X509Certificate> chain = Arrays.stream(certificates)
			.map(Mutations::bytes)
			.map(Certificates::read)
			.toList();
		try {
			assertTrusted(chain, this.root.bundle());
		}
		catch (CertificateException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	private static SpiffeId verify(List<X509Certificate> chain, TrustBundle bundle, Instant now)
			throws CertificateException {
		X509Svid peer = X509Svid.of(chain, null);
		bundle.verify(peer, now);
		return peer.spiffeId();
	}

	private static List<X509Certificate> chain(X509Certificate leaf, List<X509Certificate> intermediates) {
		List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
		chain.addAll(intermediates);
		return chain;
	}

	private static void assertTrusted(List<X509Certificate> chain, TrustBundle bundle) throws CertificateException {
		assertThat(verify(chain, bundle, NOW)).hasToString(TestAuthority.ORDERS);
	}

	private static void assertUntrusted(List<X509Certificate> chain, TrustBundle bundle, Instant now, String problem) {
		assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> verify(chain, bundle, now))
			.withMessageStartingWith("The X.509-SVID of spiffe://")
			.withMessageContaining(problem);
	}

}
