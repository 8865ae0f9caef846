package dev.psat.spiffe;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.HexFormat;

import dev.psat.support.CertificateWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link X509Authority}.
 */
class X509AuthorityTests {

	private final KeyPair keys = CertificateWriter.newKeys();

	@Test
	void keyIdIsThatOfTheCertificatesOfARealServer() {
		TrustBundle bundle = TrustBundle.parse(TrustDomain.of("example.org"), Transcripts.bytes("bundle-prepared.pem"));
		assertThat(bundle.x509Authorities()).extracting(X509Authority::keyId)
			.containsExactly("433ea0e03b56049c6f12ae8052311f889f6d76f7", "36dd91770d3641255da47ac661acfd1449302fcd");
	}

	@Test
	void keyIdThatTheCertificateDoesNotSayIsWhatTheServerWouldHaveWritten() throws NoSuchAlgorithmException {
		assertThat(keyId(writer(this.keys))).isEqualTo(sha1(bitsOfEc(this.keys)));
	}

	@Test
	void keyIdIsDerivedFromLongKeysToo() throws NoSuchAlgorithmException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
		generator.initialize(2048);
		RSAPublicKey key = (RSAPublicKey) generator.generateKeyPair().getPublic();
		byte[] encoded = key.getEncoded();
		// what follows the 24 octets that describe the key
		assertThat(keyId(writer(this.keys).key(key))).isEqualTo(sha1(Arrays.copyOfRange(encoded, 24, encoded.length)));
	}

	@Test
	void keyIdIsWhateverTheCertificateSays() {
		assertThat(keyId(writer(this.keys).subjectKeyId((byte) 4, (byte) 3, (byte) 0, (byte) 0x0a, (byte) 0xff)))
			.isEqualTo("000aff");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "04", "0400", "0405aa", "0203010203", "0480", "04847fffffff", "0481" })
	void keyIdThatIsMalformedCountsAsNone(String extension) throws NoSuchAlgorithmException {
		assertThat(keyId(writer(this.keys).subjectKeyId(HexFormat.of().parseHex(extension))))
			.isEqualTo(sha1(bitsOfEc(this.keys)));
	}

	@Test
	void keyIdThatIsTooLongCountsAsNone() throws NoSuchAlgorithmException {
		byte[] extension = new byte[67];
		extension[0] = 4;
		extension[1] = 65;
		assertThat(keyId(writer(this.keys).subjectKeyId(extension))).isEqualTo(sha1(bitsOfEc(this.keys)));
	}

	private static CertificateWriter writer(KeyPair keys) {
		return new CertificateWriter().ca(null).subject("root").key(keys.getPublic());
	}

	private String keyId(CertificateWriter writer) {
		return new X509Authority(writer.signedBy("root", this.keys.getPrivate()), false).keyId();
	}

	/**
	 * Return the point of a key on P-256, uncompressed.
	 */
	private static byte[] bitsOfEc(KeyPair keys) {
		byte[] encoded = keys.getPublic().getEncoded();
		return Arrays.copyOfRange(encoded, encoded.length - 65, encoded.length);
	}

	private static String sha1(byte[] bytes) throws NoSuchAlgorithmException {
		return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
	}

}
