package dev.psat.spiffe;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;

import dev.psat.spiffe.internal.Certificates;
import dev.psat.spiffe.internal.Der;
import dev.psat.spire.client.KeyType;
import org.jspecify.annotations.Nullable;

/**
 * An authority that issues X509-SVIDs, and the trust bundles that hold it. In this
 * package, since nobody else makes trust bundles out of nothing.
 */
public final class TestAuthority {

	private static final TrustDomain TRUST_DOMAIN = TrustDomain.of("example.org");

	private static final DateTimeFormatter GENERALIZED_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private static final byte[] ALGORITHM = Der.sequence(Der.objectIdentifier("1.2.840.10045.4.3.2"));

	private static final byte[] TRUE = Der.element(0x01, new byte[] { -1 });

	private static final byte[] NAME = Der
		.sequence(Der.set(Der.sequence(Der.objectIdentifier("2.5.4.3"), Der.printableString("SPIRE"))));

	private static long serialNumbers = 1;

	private final KeyPair keys = KeyType.EC_P256.generate();

	private final X509Certificate certificate;

	public TestAuthority() {
		this.certificate = sign(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"),
				extension("2.5.29.19", Der.sequence(TRUE)));
	}

	/**
	 * Issue an X509-SVID as SPIRE does, dated back by ten seconds.
	 * @param spiffeId the SPIFFE ID
	 * @param issuedAt when it is issued, in whole seconds
	 * @param life how long it lives
	 * @return the X509-SVID, whose key is that of the authority
	 */
	public X509Svid issue(String spiffeId, Instant issuedAt, Duration life) {
		return X509Svid.of(List.of(certify(spiffeId, issuedAt, life)), null);
	}

	/**
	 * Issue a certificate for any URI, which need not be a SPIFFE ID.
	 */
	public X509Certificate certify(String uri, Instant issuedAt, Duration life) {
		byte[] name = Der.element(0x86, uri.getBytes(StandardCharsets.US_ASCII));
		return sign(issuedAt.minusSeconds(10), issuedAt.plus(life), extension("2.5.29.17", Der.sequence(name)));
	}

	public TrustBundle bundle() {
		return bundle(null, null);
	}

	public TrustBundle bundle(@Nullable Long sequenceNumber, @Nullable Duration refreshHint) {
		return TrustBundle.of(TRUST_DOMAIN, List.of(new X509Authority(this.certificate, false)), List.of(),
				sequenceNumber, refreshHint);
	}

	public TrustBundle taintedBundle() {
		return TrustBundle.of(TRUST_DOMAIN, List.of(new X509Authority(this.certificate, true)), List.of(), null, null);
	}

	/**
	 * Return a trust bundle that holds authorities for JWT-SVIDs, too.
	 */
	public TrustBundle bundleWith(JwtAuthority... jwtAuthorities) {
		return TrustBundle.of(TRUST_DOMAIN, List.of(new X509Authority(this.certificate, false)),
				List.of(jwtAuthorities), null, null);
	}

	/**
	 * Return the authority as a file has it.
	 * @return its certificate in PEM
	 */
	public String pem() {
		try {
			return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
				.formatted(Base64.getMimeEncoder().encodeToString(this.certificate.getEncoded()));
		}
		catch (CertificateEncodingException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private X509Certificate sign(Instant notBefore, Instant notAfter, byte[] extension) {
		byte[] content = Der.sequence(Der.element(0xa0, Der.integer(BigInteger.TWO)),
				Der.integer(BigInteger.valueOf(serialNumbers++)), ALGORITHM, NAME,
				Der.sequence(time(notBefore), time(notAfter)), NAME, this.keys.getPublic().getEncoded(),
				Der.element(0xa3, Der.sequence(extension)));
		try {
			Signature signature = Signature.getInstance("SHA256withECDSA");
			signature.initSign(this.keys.getPrivate());
			signature.update(content);
			return Certificates.read(Der.sequence(content, ALGORITHM, Der.bitString(signature.sign())));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static byte[] extension(String identifier, byte[] value) {
		return Der.sequence(Der.objectIdentifier(identifier), TRUE, Der.element(0x04, value));
	}

	private static byte[] time(Instant time) {
		return Der.element(0x18, GENERALIZED_TIME.format(time).getBytes(StandardCharsets.US_ASCII));
	}

}
