package dev.psat.spiffe;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import dev.psat.spiffe.internal.Certificates;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.Recorded;
import dev.psat.spire.client.ReturnedSvidTests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TrustBundle} and what reads it.
 */
class TrustBundleTests {

	private static final X509Certificate FIRST = TestAuthority.root("first").certificate();

	private static final X509Certificate SECOND = TestAuthority.root("second").certificate();

	@ParameterizedTest
	@CsvSource({ "before, 1", "prepared, 2", "activated, 2", "tainted, 2", "revoked, 1" })
	void realBundleIsTheSameInEveryForm(String step, int authorities) throws Exception {
		TrustBundle pem = Recorded.file("bundle-%s.pem".formatted(step));
		TrustBundle jwks = Recorded.file("bundle-%s.jwks".formatted(step));
		String answer = step.equals("before") ? "bundle" : "rotation-%s-bundle".formatted(step);
		assertThat(pem.x509Authorities()).hasSize(authorities).isEqualTo(jwks.x509Authorities());
		assertThat(Recorded.bundle(answer).x509Authorities()).extracting(X509Authority::certificate)
			.isEqualTo(pem.x509Authorities().stream().map(X509Authority::certificate).toList());
		assertThat(pem.jwtAuthorities()).isEmpty();
		assertThat(pem.sequenceNumber()).isNull();
		assertThat(jwks.jwtAuthorities()).singleElement().satisfies((authority) -> {
			assertThat(authority.keyId()).isEqualTo("Fa6mtu9DdCNaT5D9NdaAmxRAS527Fa8a");
			assertThat(authority.publicKey()).isInstanceOf(ECPublicKey.class);
			assertThat(authority.expiresAt()).isNull();
			assertThat(authority.tainted()).isFalse();
		});
		assertThat(jwks.sequenceNumber()).isEqualTo(Recorded.bundle(answer).sequenceNumber());
		assertThat(jwks.refreshHint()).isNull();
		assertThat(jwks.trustDomain()).isEqualTo(Recorded.TRUST_DOMAIN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "bundle-prepared.pem", "bundle-prepared.jwks" })
	void byteOrderMarkHidesNoAuthority(String file) {
		byte[] content = Transcripts.bytes(file);
		byte[] marked = new byte[content.length + 3];
		System.arraycopy(new byte[] { (byte) 0xef, (byte) 0xbb, (byte) 0xbf }, 0, marked, 0, 3);
		System.arraycopy(content, 0, marked, 3, content.length);
		assertThat(TrustBundle.parse(TestAuthority.TRUST_DOMAIN, marked))
			.isEqualTo(TrustBundle.parse(TestAuthority.TRUST_DOMAIN, content));
	}

	@Test
	void blockWithoutABeginningIsRefused() {
		String pem = new String(Transcripts.bytes("bundle-prepared.pem"), StandardCharsets.US_ASCII);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> TrustBundle.parse(TestAuthority.TRUST_DOMAIN,
					pem.substring(1).replaceFirst("----BEGIN", "BEGIN").getBytes(StandardCharsets.US_ASCII)))
			.withMessageContaining("a PEM block has no beginning");
	}

	@Test
	void textOutsideOfPemBlocksIsIgnored() {
		String pem = "# first\r\n%s\nsubject=/CN=second\n  %s \n-- end {".formatted(pem(FIRST).replace("\n", "\r\n"),
				pem(SECOND).replace("\n", "\n\t"));
		assertThat(certificates(parse(pem))).containsExactly(FIRST, SECOND);
	}

	@Test
	void blockInOneLineIsRead() {
		assertThat(certificates(parse("-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----"
			.formatted(Base64.getEncoder().encodeToString(encoded(FIRST)))))).containsExactly(FIRST);
	}

	@ParameterizedTest
	@CsvSource({ "'', there is no X.509 authority", "'no PEM at all', there is no X.509 authority",
			"'-----BEGIN CERTIFICATE-----\nAAAA', a PEM block has no end",
			"'-----BEGIN CERTIFICATE-----\nAAAA\n-----END PRIVATE KEY-----', a PEM block is not a CERTIFICATE",
			"'-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', "
					+ "'a PEM block is not a CERTIFICATE but \"PRIVATE KEY\"'",
			"'-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n-----END TRUSTED CERTIFICATE-----', "
					+ "a PEM block is not a CERTIFICATE",
			"'-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----', a PEM block is not base64",
			"'-----BEGIN CERTIFICATE-----\nName: a\n\nAAAA\n-----END CERTIFICATE-----', a PEM block is not base64",
			"'-----BEGIN CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', "
					+ "a PEM block is not base64",
			"'-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----', a certificate is not X.509 in DER",
			"'-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', a certificate is not X.509 in DER" })
	void whatIsNoPemBundleIsRefusedWithTheReason(String pem, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> parse(pem))
			.withMessageStartingWith("The trust bundle of example.org cannot be read: " + reason);
	}

	@Test
	void oneBadBlockSpoilsTheBundle() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> parse(pem(FIRST) + "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----"))
			.withMessageEndingWith("\"EC PRIVATE KEY\"");
	}

	@Test
	void certificateWithSomethingBehindItIsRefused() {
		byte[] der = Arrays.copyOf(encoded(FIRST), encoded(FIRST).length + 1);
		assertThatIllegalArgumentException().isThrownBy(() -> Certificates.read(der))
			.withMessage("a certificate is not X.509 in DER");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Certificates.read(pem(FIRST).getBytes(StandardCharsets.US_ASCII)))
			.withMessage("a certificate is not X.509 in DER");
	}

	@Test
	void largestBundleHasOneMebibyte() {
		String pem = pem(FIRST) + "\n";
		String largest = pem + " ".repeat(1024 * 1024 - pem.length());
		assertThat(parse(largest).x509Authorities()).hasSize(1);
		assertThatIllegalArgumentException().isThrownBy(() -> parse(largest + " "))
			.withMessageEndingWith("it is larger than 1048576 bytes");
	}

	@Test
	void jwkSetHoldsSequenceNumberAndRefreshHint() {
		TrustBundle bundle = parse("\n{\"spiffe_sequence\":9007199254740993,\"spiffe_refresh_hint\":300,\"keys\":[%s]}"
			.formatted(x509(FIRST)));
		assertThat(bundle.sequenceNumber()).isEqualTo(9_007_199_254_740_993L);
		assertThat(bundle.refreshHint()).isEqualTo(Duration.ofMinutes(5));
		assertThat(certificates(bundle)).containsExactly(FIRST);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "9223372036854775807", "9223372036854775808", "18446744073709551615" })
	void sequenceNumberIsUnsigned(String number) {
		assertThat(parse("{\"spiffe_sequence\":%s,\"keys\":[%s]}".formatted(number, x509(FIRST))).sequenceNumber())
			.isEqualTo(Long.parseUnsignedLong(number));
	}

	@Test
	void nullIsAbsent() {
		assertThat(
				parse("{\"spiffe_sequence\":null,\"spiffe_refresh_hint\":null,\"keys\":[%s]}".formatted(x509(FIRST))))
			.isEqualTo(parse(jwks(x509(FIRST))));
	}

	@Test
	void keyForX509SvidsIsThatOfItsCertificate() throws Exception {
		KeyPair rsa = KeyType.RSA_2048.generate();
		X509Certificate ofRsa = TestAuthority.root("root")
			.sign(TestAuthority.unsigned().ca(null).subject("RSA").key(rsa.getPublic()));
		KeyAndJwk own = elliptic("secp256r1", "P-256", 32);
		X509Certificate ofEc = TestAuthority.root("root")
			.sign(TestAuthority.unsigned().ca(null).subject("EC").key(own.key()));
		assertThat(certificates(
				parse(jwks(withKey(ofEc, own.jwk()), withKey(ofRsa, jwk((RSAPublicKey) rsa.getPublic()))))))
			.containsExactly(ofEc, ofRsa);
		KeyPair edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
		X509Certificate ofEdwards = TestAuthority.root("root")
			.sign(TestAuthority.unsigned().ca(null).subject("OKP").key(edwards.getPublic()));
		byte[] point = Arrays.copyOfRange(edwards.getPublic().getEncoded(), 12, 44);
		assertThat(certificates(parse(jwks(withKey(ofEdwards, edwards(point)))))).containsExactly(ofEdwards);
		point[0] ^= 1;
		String another = elliptic("secp256r1", "P-256", 32).jwk();
		for (String key : List.of(withKey(ofEdwards, edwards(point)), withKey(ofEc, another),
				withKey(ofEc, rsa().jwk()), withKey(ofRsa, another), withKey(ofRsa, rsa().jwk()),
				withKey(ofEc, "{\"kty\":\"RSA\"}"), withKey(ofEc, "{\"kty\":\"OKP\"}"))) {
			assertThatIllegalArgumentException().isThrownBy(() -> parse(jwks(x509(FIRST), key)))
				.withMessageEndingWith("a JWK for X.509-SVIDs has another key than its certificate");
		}
	}

	private static String edwards(byte[] point) {
		return "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"}"
			.formatted(Base64.getUrlEncoder().withoutPadding().encodeToString(point));
	}

	private static String withKey(X509Certificate certificate, String jwk) {
		String members = jwk.replace("\"use\":\"jwt-svid\",", "");
		return "{\"use\":\"x509-svid\",\"x5c\":[\"%s\"],%s"
			.formatted(Base64.getEncoder().encodeToString(encoded(certificate)), members.substring(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "-9223372036854775808" })
	void refreshHintThatIsNotPositiveIsUnset(String hint) {
		assertThat(parse("{\"spiffe_refresh_hint\":%s,\"keys\":[%s]}".formatted(hint, x509(FIRST))).refreshHint())
			.isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"use\":\"wit-svid\"}", "{\"use\":\"new\",\"kty\":7}", "{}", "{\"use\":null}",
			"{\"use\":\"X509-SVID\"}", "{\"use\":\"jwt-svid\",\"kid\":\"a\",\"kty\":\"new\"}",
			"{\"use\":\"jwt-svid\",\"kid\":\"a\",\"kty\":\"EC\",\"crv\":\"secp256k1\"}",
			"{\"use\":\"jwt-svid\",\"kid\":\"a\",\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"
					+ "\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}" })
	void keyOfUnknownUseOrTypeIsIgnored(String key) {
		assertThat(parse(jwks(key, x509(FIRST)))).isEqualTo(parse(jwks(x509(FIRST))));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "{\"use\":\"x509-svid\"} | must have one certificate in \"x5c\"",
			"{\"use\":\"x509-svid\",\"x5c\":[]} | must have one certificate in \"x5c\"",
			"{\"use\":\"x509-svid\",\"x5c\":[\"AAAA\",\"AAAA\"]} | must have one certificate in \"x5c\"",
			"{\"use\":\"x509-svid\",\"x5c\":\"AAAA\"} | must have one certificate in \"x5c\"",
			"{\"use\":\"x509-svid\",\"x5c\":[1]} | must have one certificate in \"x5c\"",
			"{\"use\":\"x509-svid\",\"x5c\":[\"AAAA\"]} | a JWK has no certificate in \"x5c\"",
			"{\"use\":\"x509-svid\",\"x5c\":[\"-_-_\"]} | a JWK has no certificate in \"x5c\"",
			"{\"use\":\"jwt-svid\"} | a JWK has no \"kid\"",
			"{\"use\":\"jwt-svid\",\"kid\":7,\"kty\":\"EC\"} | a JWK has no \"kid\"",
			"{\"use\":\"jwt-svid\",\"kid\":\"a\"} | a JWK has no \"kty\"",
			"{\"use\":\"jwt-svid\",\"kid\":\"a\",\"kty\":\"EC\"} | a JWK has no \"crv\"",
			"{\"use\":\"jwt-svid\",\"kid\":\"a\",\"kty\":\"EC\",\"crv\":\"P-256\"} | a JWK has no \"x\"",
			"{\"use\":\"jwt-svid\",\"kid\":\"a\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\"} | "
					+ "a JWK has \"x\" of the wrong length",
			"{\"use\":\"jwt-svid\",\"kid\":\"a\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"+\"} | "
					+ "a JWK has \"x\" that is not base64url",
			"{\"use\":\"jwt-svid\",\"kid\":\"a\",\"kty\":\"RSA\",\"n\":\"AA\"} | a JWK has no \"e\"",
			"{\"use\":\"jwt-svid\",\"kid\":\"a\",\"kty\":\"RSA\",\"n\":\"AA\",\"e\":\"AQAB\"} | a JWK holds no RSA key",
			"7 | a JWK is not an object", "null | a JWK is not an object" })
	void malformedKeySpoilsTheBundle(String key, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> parse(jwks(x509(FIRST), key)))
			.withMessageContaining(reason);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "{} | the JSON is not a JWK set", "{\"keys\":{}} | the JSON is not a JWK set",
			"{\"keys\":null} | the JSON is not a JWK set", "{\"keys\":[]} | there is no X.509 authority",
			"{\"keys\":[{\"use\":\"new\"}]} | there is no X.509 authority",
			"{\"keys\":[],\"spiffe_sequence\":1.5} | \"spiffe_sequence\" is not an unsigned 64-bit integer",
			"{\"keys\":[],\"spiffe_sequence\":\"1\"} | \"spiffe_sequence\" is not an unsigned 64-bit integer",
			"{\"keys\":[],\"spiffe_sequence\":-1} | \"spiffe_sequence\" is not an unsigned 64-bit integer",
			"{\"keys\":[],\"spiffe_sequence\":18446744073709551616} | \"spiffe_sequence\" is not an unsigned 64-bit integer",
			"{\"keys\":[],\"spiffe_sequence\":1e3} | \"spiffe_sequence\" is not an unsigned 64-bit integer",
			"{\"keys\":[],\"spiffe_refresh_hint\":9223372036854775808} | \"spiffe_refresh_hint\" is not a 64-bit integer",
			"{\"keys\":[],\"spiffe_refresh_hint\":true} | \"spiffe_refresh_hint\" is not a 64-bit integer",
			"{\"keys\":[],\"keys\":[]} | the JSON has a duplicate member", "{\"keys\": | the JSON has no value" })
	void whatIsNoJwkSetIsRefusedWithTheReason(String json, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> parse(json))
			.withMessageStartingWith("The trust bundle of example.org cannot be read: " + reason);
	}

	@ParameterizedTest
	@MethodSource
	void jwtAuthorityHasTheKeyOfItsJwk(PublicKey key, String jwk) {
		assertThat(parse(jwks(x509(FIRST), jwk)).jwtAuthorities())
			.containsExactly(new JwtAuthority("a", key, null, false));
	}

	static Stream<Arguments> jwtAuthorityHasTheKeyOfItsJwk() throws Exception {
		return Stream
			.of(elliptic("secp256r1", "P-256", 32), elliptic("secp384r1", "P-384", 48),
					elliptic("secp521r1", "P-521", 66), rsa())
			.map((keyAndJwk) -> Arguments.of(keyAndJwk.key(), keyAndJwk.jwk()));
	}

	@Test
	void pointThatIsNotOnItsCurveIsRefused() throws Exception {
		String jwk = elliptic("secp256r1", "P-256", 32).jwk();
		String other = elliptic("secp256r1", "P-256", 32).jwk();
		String mixed = jwk.substring(0, jwk.indexOf("\"y\"")) + other.substring(other.indexOf("\"y\""));
		assertThatIllegalArgumentException().isThrownBy(() -> parse(jwks(x509(FIRST), mixed)))
			.withMessageEndingWith("a JWK has a point that is not on its curve");
	}

	@Test
	void bundlesAreEqualByWhatTheyHold() {
		TrustBundle bundle = parse(jwks(x509(FIRST)));
		assertThat(bundle).isEqualTo(parse(pem(FIRST))).hasSameHashCodeAs(parse(pem(FIRST)));
		assertThat(bundle).isNotEqualTo(parse(pem(SECOND)))
			.isNotEqualTo(TrustBundle.parse(TrustDomain.of("example.com"), Mutations.bytes(pem(FIRST))))
			.isNotEqualTo(TestAuthority.bundle(List.of(new X509Authority(FIRST, true))))
			.isNotEqualTo(parse("{\"spiffe_sequence\":1,\"keys\":[%s]}".formatted(x509(FIRST))))
			.isNotEqualTo(parse("{\"spiffe_refresh_hint\":1,\"keys\":[%s]}".formatted(x509(FIRST))));
		assertThat(bundle).hasToString(
				"TrustBundle[trustDomain=example.org, x509Authorities=1, jwtAuthorities=0, sequenceNumber=null]");
	}

	@Test
	void bundleIsImmutable() {
		TrustBundle bundle = parse(pem(FIRST));
		assertThat(bundle.x509Authorities()).isUnmodifiable();
		assertThat(bundle.jwtAuthorities()).isUnmodifiable();
	}

	@Test
	void bundleVerifiesAPeerWhoseClockMayBeOff() throws Exception {
		TestAuthority root = TestAuthority.root("root",
				TestAuthority.unsigned().ca(null).valid(TestAuthority.NOW, TestAuthority.NOW.plusSeconds(86400)));
		X509Svid peer = X509Svid.of(List.of(root.leaf()), null);
		root.bundle().verify(peer, peer.expiresAt().plusSeconds(120));
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> root.bundle().verify(peer, peer.expiresAt().plusSeconds(121)))
			.withMessage("The X.509-SVID of %s expired at 2026-11-25T11:00:00Z", TestAuthority.ORDERS);
		assertThatExceptionOfType(CertificateException.class)
			.isThrownBy(() -> parse(pem(FIRST)).verify(peer, TestAuthority.NOW));
	}

	@Test
	void whateverIsParsedAsPemIsABundleOrRefused() {
		Mutations.check("# authorities\n%s\n%s".formatted(pem(FIRST), pem(SECOND)), 10_000,
				(text) -> assertThat(parse(text).x509Authorities()).isNotEmpty());
	}

	@Test
	void whateverIsParsedAsAJwkSetIsABundleOrRefused() throws Exception {
		Mutations.check(jwks(x509(FIRST), elliptic("secp256r1", "P-256", 32).jwk(), rsa().jwk()), 10_000,
				(text) -> assertThat(parse(text).x509Authorities()).isNotEmpty());
	}

	@Test
	void whateverIsReadAsACertificateIsOneOrRefused() {
		Mutations.check(new String(encoded(FIRST), StandardCharsets.ISO_8859_1), 10_000, (text) -> {
			byte[] der = Mutations.bytes(text);
			assertThat(encoded(Certificates.read(der))).isEqualTo(der);
		});
	}

	private static List<X509Certificate> certificates(TrustBundle bundle) {
		return bundle.x509Authorities().stream().map(X509Authority::certificate).toList();
	}

	private static TrustBundle parse(String content) {
		return TrustBundle.parse(TestAuthority.TRUST_DOMAIN, Mutations.bytes(content));
	}

	private static byte[] encoded(X509Certificate certificate) {
		return ReturnedSvidTests.encoded(certificate);
	}

	private static String pem(X509Certificate certificate) {
		return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
			.formatted(Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(encoded(certificate)));
	}

	private static String x509(X509Certificate certificate) {
		return "{\"use\":\"x509-svid\",\"kty\":\"EC\",\"x5c\":[\"%s\"]}"
			.formatted(Base64.getEncoder().encodeToString(encoded(certificate)));
	}

	private static String jwks(String... keys) {
		return "{\"keys\":[%s]}".formatted(String.join(",", keys));
	}

	private static KeyAndJwk elliptic(String curve, String name, int length) throws Exception {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec(curve));
		PublicKey key = generator.generateKeyPair().getPublic();
		byte[] encoded = key.getEncoded();
		byte[] x = Arrays.copyOfRange(encoded, encoded.length - 2 * length, encoded.length - length);
		byte[] y = Arrays.copyOfRange(encoded, encoded.length - length, encoded.length);
		return new KeyAndJwk(key,
				"{\"use\":\"jwt-svid\",\"kid\":\"a\",\"kty\":\"EC\",\"crv\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}"
					.formatted(name, base64Url(x), base64Url(y)));
	}

	private static KeyAndJwk rsa() {
		RSAPublicKey key = (RSAPublicKey) KeyType.RSA_2048.generate().getPublic();
		return new KeyAndJwk(key, jwk(key));
	}

	private static String jwk(RSAPublicKey key) {
		byte[] modulus = key.getModulus().toByteArray();
		return "{\"use\":\"jwt-svid\",\"kid\":\"a\",\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}".formatted(
				base64Url(Arrays.copyOfRange(modulus, modulus.length - 256, modulus.length)),
				base64Url(key.getPublicExponent().toByteArray()));
	}

	private static String base64Url(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

	private record KeyAndJwk(PublicKey key, String jwk) {

	}

}
