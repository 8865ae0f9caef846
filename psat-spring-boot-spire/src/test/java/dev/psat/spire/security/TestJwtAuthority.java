package dev.psat.spire.security;

import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.JWKGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.psat.spiffe.JwtAuthority;

/**
 * Issues tokens that are JWT-SVIDs of one workload for one audience, but for what a test
 * wants otherwise.
 */
public final class TestJwtAuthority {

	public static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	static final String AUDIENCE = "bank";

	/** Takes long to make. */
	private static final JWK RSA = rsa();

	private final JWSAlgorithm algorithm;

	private final JWK key;

	public TestJwtAuthority() {
		this(JWSAlgorithm.ES256);
	}

	TestJwtAuthority(JWSAlgorithm algorithm) {
		this.algorithm = algorithm;
		this.key = JWSAlgorithm.Family.RSA.contains(algorithm) ? RSA
				: elliptic(algorithm, (generator) -> generator.keyIDFromThumbprint(true));
	}

	/**
	 * Create an authority whose key ID may be that of another.
	 */
	TestJwtAuthority(String keyId) {
		this.algorithm = JWSAlgorithm.ES256;
		this.key = elliptic(this.algorithm, (generator) -> generator.keyID(keyId));
	}

	private static JWK rsa() {
		try {
			return new RSAKeyGenerator(2048).keyIDFromThumbprint(true).generate();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static JWK elliptic(JWSAlgorithm algorithm, UnaryOperator<JWKGenerator<ECKey>> keyId) {
		try {
			Curve curve = Curve.forJWSAlgorithm(algorithm).iterator().next();
			return keyId.apply(new ECKeyGenerator(curve)).generate();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the authority as a trust bundle has it.
	 */
	public JwtAuthority published() {
		return new JwtAuthority(keyId(), publicKey(), null, false);
	}

	JwtAuthority published(Instant expiresAt, boolean tainted) {
		return new JwtAuthority(keyId(), publicKey(), expiresAt, tainted);
	}

	public String keyId() {
		return this.key.getKeyID();
	}

	public PublicKey publicKey() {
		try {
			return ((AsymmetricJWK) this.key).toPublicKey();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	String issue() {
		return issueWith((claims) -> {
		});
	}

	String issueTo(String subject) {
		return issueWith((claims) -> claims.subject(subject));
	}

	public String issueWith(Consumer<JWTClaimsSet.Builder> claims) {
		return issue(header(), claims);
	}

	String issueWithHeader(Consumer<JWSHeader.Builder> more) {
		JWSHeader.Builder header = header();
		more.accept(header);
		return issue(header, (claims) -> {
		});
	}

	/**
	 * Sign a text that may not be what a library would write.
	 */
	String issueText(String payload) {
		JWSObject token = new JWSObject(header().build(), new Payload(payload));
		try {
			token.sign(new DefaultJWSSignerFactory().createJWSSigner(this.key, this.algorithm));
			return token.serialize();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private JWSHeader.Builder header() {
		return new JWSHeader.Builder(this.algorithm).keyID(keyId()).type(JOSEObjectType.JWT);
	}

	private String issue(JWSHeader.Builder header, Consumer<JWTClaimsSet.Builder> more) {
		JWTClaimsSet.Builder claims = claims();
		more.accept(claims);
		try {
			return sign(header.build(), claims.build(),
					new DefaultJWSSignerFactory().createJWSSigner(this.key, this.algorithm));
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static JWTClaimsSet.Builder claims() {
		Instant now = Instant.now();
		return new JWTClaimsSet.Builder().subject(ORDERS)
			.audience(AUDIENCE)
			.issueTime(Date.from(now.minus(Duration.ofMinutes(5))))
			.expirationTime(Date.from(now.plus(Duration.ofMinutes(5))));
	}

	static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws JOSEException {
		SignedJWT token = new SignedJWT(header, claims);
		token.sign(signer);
		return token.serialize();
	}

}
