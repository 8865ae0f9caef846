package dev.psat.spiffe;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.psat.support.CertificateWriter;
import dev.psat.support.CostlyChains;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * Tests for {@link CertificateBounds}.
 */
class CertificateBoundsTests {

	private final Instant now = Instant.now();

	private final TestAuthority root = TestAuthority.root("root", new CertificateWriter().ca(null));

	@ParameterizedTest
	@MethodSource("costs")
	void chainThatWouldKeepPkixBusyIsRefusedAtEachDoor(UnaryOperator<CertificateWriter> burden, String problem) {
		X509Svid svid = X509Svid
			.of(CostlyChains.below("root", this.root.keys().getPrivate(), TestAuthority.ORDERS, burden), null);
		TrustBundle bundle = this.root.bundle();
		assertTimeoutPreemptively(CostlyChains.ENDLESS, () -> {
			assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> bundle.verify(svid, this.now))
				.withMessageContaining(problem);
			assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> bundle.verifyIssued(svid, this.now))
				.withMessageContaining(problem);
			assertThat(svid.chainsTo(bundle, this.now)).isFalse();
			assertThat(svid.chainsToUntainted(bundle, this.now)).isFalse();
		});
	}

	static Stream<Arguments> costs() {
		return Stream.of(cost("mapped policies", CostlyChains::mappedPolicies, "has more than 32 policy mappings"),
				cost("a repeated policy", CostlyChains::repeatedPolicy, "has a policy twice"),
				cost("disjoint names", CostlyChains::disjointNames, "has more than 64 name constraints"));
	}

	@ParameterizedTest
	@MethodSource("limits")
	void certificateMayHaveAsMuchAsItsLimitAndNoMore(int most,
			BiFunction<CertificateWriter, Integer, CertificateWriter> burden, String problem) {
		assertThat(CertificateBounds.problem(this.root.sign(burden.apply(new CertificateWriter(), most)))).isNull();
		assertThat(CertificateBounds.problem(this.root.sign(burden.apply(new CertificateWriter(), most + 1))))
			.isEqualTo(problem);
	}

	static Stream<Arguments> limits() {
		return Stream.of(limit(32, CertificateBoundsTests::policies, "has more than 32 policies"),
				limit(32, CertificateBoundsTests::mappings, "has more than 32 policy mappings"),
				limit(64, CertificateBoundsTests::permitted, "has more than 64 name constraints"),
				limit(64, CertificateBoundsTests::excluded, "has more than 64 name constraints"),
				limit(255, CertificateBoundsTests::names, "has more than 256 names"));
	}

	@Test
	void certificateHasAtMost16Kibibytes() throws Exception {
		// whose signatures are all of one size
		KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
		IntFunction<X509Certificate> padded = (size) -> new CertificateWriter()
			.extension("1.2.3.4", false, new byte[size])
			.signedBy("root", keys.getPrivate(), "Ed25519", "1.3.101.112");
		int largest = 16_000 + 16 * 1024 - padded.apply(16_000).getEncoded().length;
		assertThat(CertificateBounds.problem(padded.apply(largest))).isNull();
		assertThat(CertificateBounds.problem(padded.apply(largest + 1))).isEqualTo("is larger than 16384 bytes");
	}

	@Test
	void chainThatHasAsMuchAsItMayIsVerified() {
		UnaryOperator<CertificateWriter> burden = (certificate) -> {
			String unique = Long.toString(certificate.hashCode() & 0xffffL);
			policies(certificate, 32);
			CostlyChains.excludedNames(certificate, 64, (i) -> "x%s-%d".formatted(unique, i));
			for (int i = 0; i < 200; i++) {
				certificate.dnsName("y" + i);
			}
			return certificate;
		};
		List<X509Certificate> chain = CostlyChains.below("root", this.root.keys().getPrivate(), TestAuthority.ORDERS,
				burden);
		assertTimeoutPreemptively(CostlyChains.ENDLESS,
				() -> this.root.bundle().verify(X509Svid.of(chain, null), this.now));
	}

	@Test
	void intermediateOrLeafBeyondALimitIsNamed() {
		TestAuthority costly = this.root.intermediate("costly", policies(new CertificateWriter().ca(null), 33));
		assertUntrusted("has an invalid chain: an intermediate has more than 32 policies",
				costly.sign(new CertificateWriter().uri(TestAuthority.ORDERS)), costly.certificate());
		assertUntrusted("The X.509-SVID of %s has more than 32 policies".formatted(TestAuthority.ORDERS),
				this.root.sign(policies(new CertificateWriter().uri(TestAuthority.ORDERS), 33)));
	}

	@Test
	void extensionThatCannotBeReadIsRefused() {
		for (String extension : List.of("2.5.29.32", "2.5.29.33")) {
			X509Certificate certificate = this.root.sign(new CertificateWriter().uri(TestAuthority.ORDERS)
				.extension(extension, false, new byte[] { 0x30, (byte) 0x80, 0, 0 }));
			assertThat(CertificateBounds.problem(certificate)).isEqualTo("has names or extensions that cannot be read");
		}
	}

	@Test
	void explicitPolicyIsStillDemanded() throws Exception {
		TestAuthority strict = this.root.intermediate("strict", strict(policies(new CertificateWriter().ca(null), 2)));
		X509Certificate with = strict.sign(policies(new CertificateWriter().uri(TestAuthority.ORDERS), 1));
		this.root.bundle().verify(X509Svid.of(List.of(with, strict.certificate()), null), this.now);
		assertUntrusted("has an invalid chain", strict.sign(new CertificateWriter().uri(TestAuthority.ORDERS)),
				strict.certificate());
	}

	@Test
	void mappedPolicyCountsAsNone() throws Exception {
		CertificateWriter leaf = CostlyChains.policies(new CertificateWriter().uri(TestAuthority.ORDERS), 1,
				(i) -> "1.3.1");
		TestAuthority mapping = this.root.intermediate("mapping",
				mappings(policies(new CertificateWriter().ca(null), 1), 1));
		this.root.bundle().verify(X509Svid.of(List.of(mapping.sign(leaf), mapping.certificate()), null), this.now);
		TestAuthority strict = this.root.intermediate("strict", strict(policies(new CertificateWriter().ca(null), 1)));
		TestAuthority below = strict.intermediate("below", mappings(policies(new CertificateWriter().ca(null), 1), 1));
		assertUntrusted("has an invalid chain", below.sign(leaf), below.certificate(), strict.certificate());
	}

	@Test
	void mappingsWithinTheLimitMultiplyNothing() {
		UnaryOperator<CertificateWriter> burden = (certificate) -> CostlyChains.mappedPolicies(certificate, 5);
		List<X509Certificate> chain = CostlyChains.below("root", this.root.keys().getPrivate(), TestAuthority.ORDERS,
				burden);
		assertTimeoutPreemptively(CostlyChains.ENDLESS,
				() -> this.root.bundle().verify(X509Svid.of(chain, null), this.now));
	}

	@Test
	void authorityBeyondALimitIsLeftOutAlone() throws Exception {
		TestAuthority costly = TestAuthority.root("costly", permitted(new CertificateWriter().ca(null), 65));
		TrustBundle bundle = TestAuthority.bundle(costly.certificate(), this.root.certificate());
		X509Authority authority = new X509Authority(costly.certificate(), false);
		assertThat(bundle.x509Authorities()).containsExactly(new X509Authority(this.root.certificate(), false));
		assertThat(bundle.leftOut())
			.containsExactly("The X.509 authority %s has more than 64 name constraints".formatted(authority.keyId()));
		assertThat(bundle).isEqualTo(this.root.bundle());
		X509Certificate leaf = this.root.sign(new CertificateWriter().uri(TestAuthority.ORDERS));
		bundle.verify(X509Svid.of(List.of(leaf), null), this.now);
	}

	@Test
	void authorityWhoseKeyOrExtensionIsUnknownIsLeftOutAlone() throws Exception {
		KeyPair dsa = KeyPairGenerator.getInstance("DSA").generateKeyPair();
		X509Certificate ofDsa = this.root
			.sign(new CertificateWriter().ca(null).subject("DSA").key(dsa.getPublic()).subjectKeyId(octets(1)));
		X509Certificate critical = this.root.sign(new CertificateWriter().ca(null)
			.subject("critical")
			.subjectKeyId(octets(2))
			.extension("1.2.3.4", true, new byte[] { 5, 0 }));
		X509Certificate uncritical = this.root.sign(new CertificateWriter().ca(null)
			.subject("uncritical")
			.extension("1.2.3.4", false, new byte[] { 5, 0 }));
		TrustBundle bundle = TestAuthority.bundle(ofDsa, critical, uncritical, this.root.certificate());
		assertThat(bundle.x509Authorities()).extracting(X509Authority::certificate)
			.containsExactly(uncritical, this.root.certificate());
		assertThat(bundle.leftOut()).containsExactly(
				"The X.509 authority 01 has a key that is neither RSA nor EC nor EdDSA",
				"The X.509 authority 02 has a critical extension that is unknown");
	}

	private static byte[] octets(int octet) {
		return new byte[] { 4, 1, (byte) octet };
	}

	private void assertUntrusted(String problem, X509Certificate... chain) {
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> this.root.bundle().verify(X509Svid.of(List.of(chain), null), this.now))
			.withMessageContaining(problem);
	}

	/** With {@code requireExplicitPolicy} (RFC 5280, section 4.2.1.11). */
	private static CertificateWriter strict(CertificateWriter certificate) {
		return certificate.extension("2.5.29.36", true, new byte[] { 0x30, 3, (byte) 0x80, 1, 0 });
	}

	private static CertificateWriter policies(CertificateWriter certificate, int count) {
		return CostlyChains.policies(certificate, count, (i) -> "1.2." + (i + 1));
	}

	private static CertificateWriter mappings(CertificateWriter certificate, int count) {
		return CostlyChains.policyMappings(certificate, count, (i) -> "1.2." + (i + 1), (i) -> "1.3." + (i + 1));
	}

	private static CertificateWriter permitted(CertificateWriter certificate, int count) {
		return CostlyChains.permittedNames(certificate, count, (i) -> "x" + i);
	}

	private static CertificateWriter excluded(CertificateWriter certificate, int count) {
		return CostlyChains.excludedNames(certificate, count, (i) -> "x" + i);
	}

	/** Beside its subject, which is one more. */
	private static CertificateWriter names(CertificateWriter certificate, int count) {
		for (int i = 0; i < count; i++) {
			certificate.dnsName("x" + i);
		}
		return certificate;
	}

	private static Arguments cost(String name, UnaryOperator<CertificateWriter> burden, String problem) {
		return Arguments.of(Named.of(name, burden), problem);
	}

	private static Arguments limit(int most, BiFunction<CertificateWriter, Integer, CertificateWriter> burden,
			String problem) {
		return Arguments.of(most, Named.of(problem, burden), problem);
	}

}
