package dev.psat.spire.security;

import java.net.URI;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.PlainJWT;
import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.SvidMint;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.TestIdentity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The tokens that a decoder accepts, those that it rejects, and when it cannot decide.
 */
abstract class JwtDecoderContract {

	private static final SvidMint X509_AUTHORITY = new SvidMint();

	private final TestIdentity identity = new TestIdentity();

	private final TestJwtAuthority authority = new TestJwtAuthority();

	/**
	 * Create a decoder.
	 */
	abstract TestDecoder decoder(SpireIdentity identity, String audience, String... more);

	@ParameterizedTest
	@ValueSource(strings = { "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512" })
	void everyAlgorithmOfTheStandardIsAccepted(String algorithm) {
		TestJwtAuthority authority = new TestJwtAuthority(JWSAlgorithm.parse(algorithm));
		trust(authority.published());
		Jwt jwt = decode(authority.issue());
		assertThat(jwt.getSubject()).isEqualTo(TestJwtAuthority.ORDERS);
		assertThat(jwt.getAudience()).containsExactly(TestJwtAuthority.AUDIENCE);
		assertThat(jwt.getHeaders()).containsEntry("alg", algorithm);
	}

	@Test
	void publicKeyIsNoSecret() throws JOSEException {
		trust(this.authority.published());
		for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384)) {
			JWSHeader header = new JWSHeader.Builder(algorithm).keyID(this.authority.keyId()).build();
			assertRefused(TestJwtAuthority.sign(header, TestJwtAuthority.claims().build(),
					new MACSigner(this.authority.publicKey().getEncoded())));
		}
	}

	@Test
	void tokenWithoutSignatureIsRefused() {
		trust(this.authority.published());
		String token = this.authority.issue();
		assertRefused(new PlainJWT(TestJwtAuthority.claims().build()).serialize());
		assertRefused(token.substring(0, token.lastIndexOf('.') + 1));
	}

	@Test
	void tokenThatIsNoneIsRefused() {
		trust(this.authority.published());
		assertRefused("");
		assertRefused("a.b.c");
	}

	@Test
	void signatureOfAnotherKeyIsRefused() {
		trust(this.authority.published());
		assertRefused(new TestJwtAuthority().issueWithHeader((header) -> header.keyID(this.authority.keyId())));
	}

	@ParameterizedTest
	@ValueSource(strings = { "ES256", "RS256", "PS256" })
	void signatureThatCanBeNoneIsRefused(String algorithm) {
		TestJwtAuthority authority = new TestJwtAuthority(JWSAlgorithm.parse(algorithm));
		trust(authority.published());
		String token = authority.issue();
		String signed = token.substring(0, token.lastIndexOf('.') + 1);
		for (int length : new int[] { 1, 63, 64, 65, 256, 1000 }) {
			byte[] signature = new byte[length];
			assertRefused(signed + Base64URL.encode(signature));
			Arrays.fill(signature, (byte) -1);
			assertRefused(signed + Base64URL.encode(signature));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "ES384", "ES512", "RS256" })
	void algorithmThatDoesNotFitTheKeyIsRefused(String algorithm) {
		TestJwtAuthority other = new TestJwtAuthority(JWSAlgorithm.parse(algorithm));
		trust(this.authority.published(), other.published());
		assertRefused(other.issueWithHeader((header) -> header.keyID(this.authority.keyId())));
		assertRefused(this.authority.issueWithHeader((header) -> header.keyID(other.keyId())));
	}

	@Test
	void keyThatATokenBringsItselfVerifiesNothing() throws JOSEException {
		trust(this.authority.published());
		ECKey own = new ECKeyGenerator(Curve.P_256).generate();
		JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(this.authority.keyId())
			.jwk(own.toPublicJWK())
			.jwkURL(URI.create("https://localhost:1/keys"))
			.build();
		assertRefused(TestJwtAuthority.sign(header, TestJwtAuthority.claims().build(), new ECDSASigner(own)));
	}

	@Test
	void headerThatHasToBeUnderstoodIsRefused() {
		trust(this.authority.published());
		assertRefused(this.authority
			.issueWithHeader((header) -> header.customParam("scope", "own").criticalParams(Set.of("scope"))));
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "unknown" })
	void tokenThatNamesNoAuthorityIsRefused(@Nullable String keyId) {
		trust(this.authority.published());
		assertRefused(this.authority.issueWithHeader((header) -> header.keyID(keyId)));
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "JWT", "JOSE" })
	void typeOfTheStandardOrNoneIsAccepted(@Nullable String type) {
		trust(this.authority.published());
		assertThat(decode(issueOfType(type)).getSubject()).isEqualTo(TestJwtAuthority.ORDERS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "at+jwt", "JWT-SVID" })
	void anyOtherTypeIsRefused(String type) {
		trust(this.authority.published());
		assertRefused(issueOfType(type));
	}

	private String issueOfType(@Nullable String type) {
		return this.authority
			.issueWithHeader((header) -> header.type((type != null) ? new JOSEObjectType(type) : null));
	}

	@Test
	void tokenThatDoesNotSayWhenItExpiresIsRefused() {
		trust(this.authority.published());
		assertRefused(this.authority.issueWith((claims) -> claims.expirationTime(null)), "exp is required");
	}

	@Test
	void tokenMayHaveExpiredLessThanAMinuteAgo() {
		trust(this.authority.published());
		assertThat(decode(issueExpired(50)).getSubject()).isEqualTo(TestJwtAuthority.ORDERS);
		assertRefused(issueExpired(61), "Jwt expired at");
	}

	private String issueExpired(int secondsAgo) {
		return this.authority
			.issueWith((claims) -> claims.expirationTime(Date.from(Instant.now().minusSeconds(secondsAgo))));
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "orders", "spiffe://example.com/ns/shop/sa/orders",
			"spiffe://example.org.example.com/orders", "spiffe://example.org", "spiffe://example.org/",
			"spiffe://example.org/spire", "spiffe://example.org/spire/server",
			"spiffe://example.org/spire/agent/k8s_psat/demo/pod/1", "spiffe://example.org/a/../spire/server",
			"https://example.org/ns/shop/sa/orders" })
	void subjectThatIsNoWorkloadOfTheTrustDomainIsRefused(@Nullable String subject) {
		trust(this.authority.published());
		assertRefused(this.authority.issueWith((claims) -> claims.subject(subject)), "The sub claim is not valid");
	}

	@Test
	void subjectUnderAPathThatOnlyBeginsLikeTheReservedOneIsAccepted() {
		trust(this.authority.published());
		String id = "spiffe://example.org/spires/agent";
		assertThat(decode(this.authority.issueWith((claims) -> claims.subject(id))).getSubject()).isEqualTo(id);
	}

	@Test
	void tokenForOthersOrForNobodyIsRefused() {
		trust(this.authority.published());
		assertRefused(this.authority.issueWith((claims) -> claims.audience("shop")), "The aud claim is not valid");
		assertRefused(this.authority.issueWith((claims) -> claims.audience(List.of())), "The aud claim is not valid");
		assertRefused(this.authority.issueWith((claims) -> claims.audience((String) null)),
				"The aud claim is not valid");
	}

	@Test
	void oneAudienceOfSeveralIsEnough() {
		trust(this.authority.published());
		TestDecoder decoder = decoder(this.identity, "vault", TestJwtAuthority.AUDIENCE, "bank.example.org");
		assertThat(decoder.decode(this.authority.issue()).getAudience()).containsExactly(TestJwtAuthority.AUDIENCE);
		assertThat(decoder
			.decode(this.authority.issueWith((claims) -> claims.audience(List.of("shop", "bank.example.org"))))
			.getAudience()).containsExactly("shop", "bank.example.org");
		assertThatExceptionOfType(BadJwtException.class)
			.isThrownBy(() -> decoder.decode(this.authority.issueWith((claims) -> claims.audience("shop"))));
	}

	@Test
	void authorityIsOfNoUseOnceItHasExpired() {
		JwtAuthority other = new TestJwtAuthority().published();
		trust(other, this.authority.published(Instant.now().plusSeconds(60), false));
		assertThat(decode(this.authority.issue()).getSubject()).isEqualTo(TestJwtAuthority.ORDERS);
		trust(other, this.authority.published(Instant.now().minusSeconds(1), false));
		assertRefused(this.authority.issue());
	}

	@Test
	void rotationNeedsNoRestart() {
		TestJwtAuthority next = new TestJwtAuthority();
		TestDecoder decoder = decoder(this.identity, TestJwtAuthority.AUDIENCE);
		trust(this.authority.published());
		assertThat(decoder.decode(this.authority.issue()).getSubject()).isEqualTo(TestJwtAuthority.ORDERS);
		assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decoder.decode(next.issue()));
		trust(this.authority.published(), next.published());
		assertThat(decoder.decode(this.authority.issue()).getSubject()).isEqualTo(TestJwtAuthority.ORDERS);
		assertThat(decoder.decode(next.issue()).getSubject()).isEqualTo(TestJwtAuthority.ORDERS);
		trust(next.published());
		assertThatExceptionOfType(BadJwtException.class).isThrownBy(() -> decoder.decode(this.authority.issue()));
		assertThat(decoder.decode(next.issue()).getSubject()).isEqualTo(TestJwtAuthority.ORDERS);
	}

	@Test
	void authorityThatIsTaintedIsNotRevokedYet() {
		trust(this.authority.published(Instant.now().plusSeconds(60), true));
		assertThat(decode(this.authority.issue()).getSubject()).isEqualTo(TestJwtAuthority.ORDERS);
	}

	@Test
	void tokenIsNotToBlameWhileThereIsNoTrustBundle() {
		assertUndecided(this.authority.issue(), "There is none in a test");
		trust(this.authority.published());
		assertThat(decode(this.authority.issue()).getSubject()).isEqualTo(TestJwtAuthority.ORDERS);
	}

	@Test
	void tokenIsNotToBlameWhileTheTrustBundleHoldsNoJwtAuthorityInForce() {
		trust();
		assertUndecided(this.authority.issue(), "The trust bundle of example.org has no JWT authority in force");
		trust(this.authority.published(Instant.now().minusSeconds(1), false));
		assertUndecided(this.authority.issue(), "The trust bundle of example.org has no JWT authority in force");
	}

	@Test
	void tokenIsNotToBlameForAnAuthorityWhoseKeySignsNoJwtSvids() throws NoSuchAlgorithmException {
		trust(new JwtAuthority(this.authority.keyId(),
				KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic(), null, false));
		assertUndecided(this.authority.issue(), "The JWT authority has a key that cannot sign JWT-SVIDs");
	}

	@Test
	void audienceThatIsBlankIsNone() {
		assertThatIllegalArgumentException().isThrownBy(() -> decoder(this.identity, " "))
			.withMessage("'audience' must not be blank");
		assertThatIllegalArgumentException().isThrownBy(() -> decoder(this.identity, "bank", ""))
			.withMessage("'audience' must not be blank");
	}

	private void trust(JwtAuthority... authorities) {
		this.identity.trust(X509_AUTHORITY.bundleWith(authorities));
	}

	private Jwt decode(String token) {
		return decoder(this.identity, TestJwtAuthority.AUDIENCE).decode(token);
	}

	private void assertRefused(String token) {
		decoder(this.identity, TestJwtAuthority.AUDIENCE).assertRefused(token);
	}

	private void assertRefused(String token, String reason) {
		decoder(this.identity, TestJwtAuthority.AUDIENCE).assertRefused(token, reason);
	}

	private void assertUndecided(String token, String reason) {
		decoder(this.identity, TestJwtAuthority.AUDIENCE).assertUndecided(token, reason);
	}

}
