package dev.psat.spire.test;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.Bundle;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link FederatedBundle} and {@link BundleDocument}.
 */
class FederatedBundleTests {

	private static final String PARTNER = "partner.org";

	private static final String EMPTY = "{\"keys\":[]}";

	@AutoClose
	private final SimulatedSpireServer partner = SimulatedSpireServer.builder().trustDomain(PARTNER).build();

	@Test
	void documentHasEverythingAndPemHasCertificatesAlone() {
		this.partner.trustBundle().sequenceNumber(9);
		Bundle whole = FederatedBundle.of(this.partner).toMessage();
		assertThat(whole.getX509AuthoritiesCount()).isOne();
		assertThat(whole.getJwtAuthoritiesCount()).isOne();
		assertThat(whole.getSequenceNumber()).isEqualTo(9);
		assertThat(FederatedBundle.ofPem(PARTNER, this.partner.trustBundle().toPem()).toMessage())
			.isEqualTo(whole.toBuilder().clearJwtAuthorities().clearSequenceNumber().build());
	}

	@Test
	void documentHoldsOneKindOfAuthoritiesOrNone() {
		FederatedBundle whole = FederatedBundle.of(this.partner);
		assertThat(whole.withoutX509Authorities().toMessage().getX509AuthoritiesList()).isEmpty();
		assertThat(whole.withoutX509Authorities().toMessage().getJwtAuthoritiesList()).hasSize(1);
		assertThat(whole.withoutJwtAuthorities().toMessage().getJwtAuthoritiesList()).isEmpty();
		assertThat(FederatedBundle.ofJwks(PARTNER, EMPTY).toMessage())
			.isEqualTo(FederatedBundle.empty(PARTNER).toMessage());
		assertThat(whole).hasToString(
				"FederatedBundle[trustDomain=partner.org, x509Authorities=1, jwtAuthorities=1, sequenceNumber=1]");
	}

	@Test
	void sequenceNumberIsUnsigned() {
		FederatedBundle bundle = FederatedBundle.ofJwks(PARTNER,
				"{\"keys\":[],\"spiffe_sequence\":18446744073709551615,\"spiffe_refresh_hint\":300}");
		assertThat(bundle.sequenceNumber()).isEqualTo(-1);
		assertThat(bundle).asString().endsWith("sequenceNumber=18446744073709551615]");
		assertThat(bundle.toMessage().getRefreshHint()).isEqualTo(300);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{}                                          | no authorities found
			{"keys":null}                               | no authorities found
			[                                           | the document is not JSON
			{"keys":[{"use":"x509-svid"}]}              | expected a single certificate in X.509-SVID entry 0; got 0
			{"keys":[{"use":"jwt-svid"}]}               | missing key ID in JWT-SVID entry 0
			{"keys":[{"use":"jwt-svid","kid":"a"}]}     | unknown key type in JWT-SVID entry 0
			""", quoteCharacter = '`')
	void documentThatIsNoBundleIsRefused(String document, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> FederatedBundle.ofJwks(PARTNER, document))
			.withMessage(message);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{"keys":[{"use":"new-use"}]} | unrecognized use "new-use" for key entry 0
			{"keys":[{"kid":"a"}]}       | missing use for key entry 0
			""")
	void keyOfUnknownUseIsSkippedByHandAndRefusedFromAnEndpoint(String document, String message) {
		assertThat(FederatedBundle.ofJwks(PARTNER, document).toMessage())
			.isEqualTo(FederatedBundle.empty(PARTNER).toMessage());
		assertThatIllegalArgumentException().isThrownBy(() -> BundleDocument.STRICT.read(PARTNER, document))
			.withMessage(message);
	}

	@Test
	void keyOfAWorkloadIdentityTokenIsIgnored() {
		String document = "{\"keys\":[{\"use\":\"wit-svid\",\"kid\":\"a\"}],\"spiffe_sequence\":3}";
		assertThat(BundleDocument.STRICT.read(PARTNER, document).toMessage())
			.isEqualTo(FederatedBundle.empty(PARTNER).toMessage());
	}

	@Test
	void pemWithoutCertificateIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> FederatedBundle.ofPem(PARTNER, ""));
		assertThatIllegalArgumentException().isThrownBy(() -> FederatedBundle.ofPem(PARTNER, "garbage"));
	}

	@ParameterizedTest
	@CsvSource({ "P-256", "P-384", "P-521" })
	void keysOfEveryCurveAreReadAsTheyAre(String curve) throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(Integer.parseInt(curve.substring(2)));
		ECPublicKey key = (ECPublicKey) generator.generateKeyPair().getPublic();
		assertThat(readBack(
				"\"kty\":\"EC\",\"crv\":\"" + curve + "\",\"x\":\"" + encode(key.getW().getAffineX().toByteArray())
						+ "\",\"y\":\"" + encode(key.getW().getAffineY().toByteArray()) + "\"",
				"EC"))
			.isEqualTo(key);
	}

	@Test
	void keysOfRsaAndEd25519AreReadAsTheyAre() throws GeneralSecurityException {
		RSAPublicKey rsa = (RSAPublicKey) KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic();
		assertThat(readBack("\"kty\":\"RSA\",\"n\":\"" + encode(rsa.getModulus().toByteArray()) + "\",\"e\":\""
				+ encode(rsa.getPublicExponent().toByteArray()) + "\"", "RSA"))
			.isEqualTo(rsa);
		EdECPublicKey ed25519 = (EdECPublicKey) KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
		byte[] encoded = ed25519.getEncoded();
		byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
		assertThat(readBack("\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + encode(point) + "\"", "Ed25519"))
			.isEqualTo(ed25519);
	}

	@Test
	void ofOneKeyIdThereIsOneKey() {
		FederatedBundle bundle = FederatedBundle.empty(PARTNER)
			.withJwtAuthority("a", new byte[] { 1 })
			.withJwtAuthority("a", new byte[] { 2 });
		assertThat(bundle.toMessage().getJwtAuthoritiesList()).singleElement()
			.satisfies((key) -> assertThat(key.getPublicKey()).isEqualTo(ByteString.copyFrom(new byte[] { 2 })));
	}

	private static PublicKey readBack(String jwk, String algorithm) throws GeneralSecurityException {
		Bundle bundle = BundleDocument.STRICT
			.read(PARTNER, "{\"keys\":[{\"use\":\"jwt-svid\",\"kid\":\"a\"," + jwk + "}]}")
			.toMessage();
		return KeyFactory.getInstance(algorithm)
			.generatePublic(new X509EncodedKeySpec(bundle.getJwtAuthorities(0).getPublicKey().toByteArray()));
	}

	private static String encode(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

}
