package dev.psat.spiffe;

import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

import dev.psat.spiffe.internal.Der;
import dev.psat.support.CertificateWriter;
import dev.psat.support.CostlyChains;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for paths that PKIX refuses, and others that are tried instead.
 */
class OtherPathTests {

	private static final byte[] OTHER = Der.element(0xa0, Der.objectIdentifier("1.2.3.4"),
			Der.element(0xa0, Der.printableString("x")));

	private final TestAuthority root = TestAuthority.root("root");

	private final TestAuthority first = this.root.intermediate("first");

	private final X509Certificate leaf = this.first.leaf();

	private final List<PublicKey> used = new ArrayList<>();

	@Test
	void intermediateWithoutTheConstraintStandsInForTheOneWithIt() throws Exception {
		X509Certificate constrained = constrained(this.root, "first", this.first, 0);
		verify(this.root.bundle(), this.leaf, constrained, this.first.certificate());
		verify(this.root.bundle(), this.leaf, this.first.certificate(), constrained);
	}

	@Test
	void authorityWithoutTheConstraintStandsInForTheOneWithIt() throws Exception {
		X509Certificate constrained = constrained(this.root, "root", this.root, 0);
		verify(TestAuthority.bundle(constrained, this.root.certificate()), this.leaf, this.first.certificate());
		verify(TestAuthority.bundle(this.root.certificate(), constrained), this.leaf, this.first.certificate());
	}

	@Test
	void intermediateIsTriedAgainBelowAnotherIssuer() throws Exception {
		TestAuthority second = this.first.intermediate("second");
		X509Certificate constrained = constrained(this.root, "first", this.first, 0);
		verify(this.root.bundle(), second.leaf(), second.certificate(), constrained, this.first.certificate());
		verify(this.root.bundle(), second.leaf(), second.certificate(), this.first.certificate(), constrained);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 4, 7 })
	void atMostFourPathsAreTried(int constrained) throws Exception {
		List<X509Certificate> chain = new ArrayList<>(List.of(this.leaf, this.first.certificate()));
		for (int i = 0; i < constrained; i++) {
			chain.add(constrained(this.root, "first", this.first, i));
		}
		// the last one is tried first
		List<X509Certificate> observed = ObservedCertificate.all(chain, this.used);
		if (constrained < 4) {
			this.root.bundle().verify(X509Svid.of(observed, null), TestAuthority.NOW);
		}
		else {
			assertRefused(observed);
		}
		assertThat(this.used.stream().filter(this.first.keys().getPublic()::equals)).hasSize(1);
		assertThat(this.used.stream().filter(this.root.keys().getPublic()::equals))
			.hasSize(Math.min(4, constrained + 1));
	}

	@Test
	void intermediateThatLeadsNowhereIsTriedWithNoOtherAuthority() throws Exception {
		TestAuthority namesake = TestAuthority.root("root");
		X509Certificate astray = this.root.intermediate("first").certificate();
		List<X509Certificate> chain = ObservedCertificate.all(List.of(this.leaf, this.first.certificate(), astray),
				this.used);
		TestAuthority.bundle(this.root.certificate(), namesake.certificate())
			.verify(X509Svid.of(chain, null), TestAuthority.NOW);
		assertThat(this.used).doesNotContain(namesake.keys().getPublic());
	}

	@Test
	void pathsThatFailAreToldByTheFirstOfThem() {
		X509Certificate constrained = constrained(this.root, "first", this.first, 0);
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> verify(this.root.bundle(), this.leaf, constrained))
			.withMessage("The X.509-SVID of %s has an invalid chain: name constraints check failed",
					TestAuthority.ORDERS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "otherName", "disjoint" })
	void whateverPkixThrowsIsACertificateException(String kind) {
		boolean other = kind.equals("otherName");
		TestAuthority outer = this.root.intermediate("the outer one", constrained(other, "a"));
		TestAuthority below = outer.intermediate("the one below", constrained(other, "b"));
		X509Certificate leaf = below.sign(TestAuthority.unsigned().uri(TestAuthority.ORDERS).name(OTHER));
		X509Svid svid = X509Svid.of(List.of(leaf, below.certificate(), outer.certificate()), null);
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> this.root.bundle().verify(svid, TestAuthority.NOW))
			.withMessageContaining("has an invalid chain");
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> this.root.bundle().verifyIssued(svid, TestAuthority.NOW));
		assertThat(svid.chainsTo(this.root.bundle(), TestAuthority.NOW)).isFalse();
	}

	private static CertificateWriter constrained(boolean other, String name) {
		CertificateWriter intermediate = TestAuthority.unsigned().ca(null);
		return other ? intermediate.nameConstraints(Der.sequence(Der.element(0xa1, Der.sequence(OTHER))))
				: CostlyChains.permittedNames(intermediate, 1, (i) -> name);
	}

	private static X509Certificate constrained(TestAuthority issuer, String name, TestAuthority subject, int i) {
		return issuer.sign(TestAuthority.unsigned()
			.ca(null)
			.subject(name)
			.key(subject.keys().getPublic())
			.permittedUris("other%d.org".formatted(i)));
	}

	private static void verify(TrustBundle bundle, X509Certificate... chain) throws CertificateException {
		bundle.verify(X509Svid.of(List.of(chain), null), TestAuthority.NOW);
	}

	private void assertRefused(List<X509Certificate> chain) {
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> this.root.bundle().verify(X509Svid.of(chain, null), TestAuthority.NOW))
			.withMessageContaining("name constraints check failed");
	}

}
