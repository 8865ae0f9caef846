package dev.psat.spiffe;

import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;

import dev.psat.spire.client.KeyType;
import dev.psat.support.CertificateWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CertificateProfile}.
 */
class CertificateProfileTests {

	private static final String SHA_1 = "1.3.14.3.2.26";

	private static final String SHA_256 = "2.16.840.1.101.3.4.2.1";

	private final TestAuthority elliptic = TestAuthority.root("EC");

	private final KeyPair rsa = KeyType.RSA_2048.generate();

	private final X509Certificate rsaAuthority = TestAuthority.unsigned()
		.ca(null)
		.subject("RSA")
		.key(this.rsa.getPublic())
		.signedBy("RSA", this.rsa.getPrivate(), "SHA1withRSA", "1.2.840.113549.1.1.5");

	private final TrustBundle bundle = TestAuthority.bundle(this.elliptic.certificate(), this.rsaAuthority);

	@ParameterizedTest
	@CsvSource({ "EC, SHA1withECDSA, 1.2.840.10045.4.1", "RSA, SHA1withRSA, 1.2.840.113549.1.1.5",
			"RSA, SHA1withRSA, 1.3.14.3.2.29" })
	void leafOrIntermediateThatIsSignedWithSha1IsRefused(String issuer, String algorithm, String identifier) {
		KeyPair keys = issuer.equals("EC") ? this.elliptic.keys() : this.rsa;
		assertRefused(leaf().signedBy(issuer, keys.getPrivate(), algorithm, identifier));
		X509Certificate intermediate = TestAuthority.unsigned()
			.ca(null)
			.subject("intermediate")
			.signedBy(issuer, keys.getPrivate(), algorithm, identifier);
		assertRefused(leaf().signedBy("intermediate", CertificateWriter.KEYS.getPrivate()), intermediate);
	}

	@Test
	void digestThatEcdsaLeavesToItsParametersCounts() throws Exception {
		verify(specified(leaf(), "SHA256withECDSA", SHA_256));
		assertRefused(specified(leaf(), "SHA1withECDSA", SHA_1));
		CertificateWriter intermediate = TestAuthority.unsigned().ca(null).subject("intermediate");
		X509Certificate below = leaf().signedBy("intermediate", CertificateWriter.KEYS.getPrivate());
		verify(below, specified(intermediate, "SHA256withECDSA", SHA_256));
		assertRefused(below, specified(intermediate, "SHA1withECDSA", SHA_1));
	}

	private X509Certificate specified(CertificateWriter certificate, String algorithm, String digest) {
		return certificate.signedBySpecified("EC", this.elliptic.keys().getPrivate(), algorithm, digest);
	}

	@Test
	void hashOfPssIsInItsParameters() throws Exception {
		verify(leaf().signedBy("RSA", this.rsa.getPrivate(), pss("SHA-256", MGF1ParameterSpec.SHA256)));
		assertRefused(leaf().signedBy("RSA", this.rsa.getPrivate(), pss("SHA-1", MGF1ParameterSpec.SHA1)));
		assertRefused(leaf().signedBy("RSA", this.rsa.getPrivate(), pss("SHA-1", MGF1ParameterSpec.SHA256)));
	}

	@Test
	void ownSignatureOfAnAuthorityDoesNotMatter() throws Exception {
		verify(leaf().signedBy("RSA", this.rsa.getPrivate(), "SHA256withRSA", "1.2.840.113549.1.1.11"));
		verify(leaf().signedBy("RSA", this.rsa.getPrivate(), "SHA256withRSA", "1.2.840.113549.1.1.11"),
				this.rsaAuthority);
		X509Certificate constrained = TestAuthority.unsigned()
			.ca(null)
			.subject("EC")
			.key(this.elliptic.keys().getPublic())
			.permittedUris("example.org")
			.signedBy("EC", this.elliptic.keys().getPrivate(), "SHA1withECDSA", "1.2.840.10045.4.1");
		TestAuthority.bundle(constrained).verify(X509Svid.of(List.of(this.elliptic.leaf()), null), TestAuthority.NOW);
	}

	private static PSSParameterSpec pss(String hash, MGF1ParameterSpec mask) {
		return new PSSParameterSpec(hash, "MGF1", mask, 20, PSSParameterSpec.TRAILER_FIELD_BC);
	}

	private static CertificateWriter leaf() {
		return TestAuthority.unsigned().uri(TestAuthority.ORDERS);
	}

	private void verify(X509Certificate... chain) throws CertificateException {
		this.bundle.verify(X509Svid.of(List.of(chain), null), TestAuthority.NOW);
	}

	private void assertRefused(X509Certificate... chain) {
		assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> verify(chain))
			.withMessageEndingWith("is signed with SHA-1");
	}

}
