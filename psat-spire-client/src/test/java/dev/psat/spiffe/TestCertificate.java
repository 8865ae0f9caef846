package dev.psat.spiffe;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

import dev.psat.spiffe.internal.Certificates;
import dev.psat.spiffe.internal.Der;
import org.jspecify.annotations.Nullable;

/**
 * A certificate to be signed, at first that of a leaf without names.
 */
public final class TestCertificate {

	private static final DateTimeFormatter GENERALIZED_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private static final byte[] TRUE = Der.element(0x01, new byte[] { -1 });

	private static long serialNumbers = 1;

	private final List<byte[]> names = new ArrayList<>();

	private String subject = "SPIRE";

	private PublicKey key = TestAuthority.KEYS.getPublic();

	private Instant notBefore = TestAuthority.NOW.minusSeconds(10);

	private Instant notAfter = TestAuthority.NOW.plusSeconds(3600);

	private boolean ca;

	private @Nullable Integer pathLength;

	private int keyUsage = 0x80;

	private @Nullable String extendedKeyUsage;

	private byte @Nullable [] nameConstraints;

	public TestCertificate subject(String subject) {
		this.subject = subject;
		return this;
	}

	public TestCertificate key(PublicKey key) {
		this.key = key;
		return this;
	}

	public TestCertificate valid(Instant notBefore, Instant notAfter) {
		this.notBefore = notBefore;
		this.notAfter = notAfter;
		return this;
	}

	public TestCertificate uri(String uri) {
		this.names.add(Der.element(0x86, uri.getBytes(StandardCharsets.US_ASCII)));
		return this;
	}

	public TestCertificate dnsName(String name) {
		this.names.add(Der.element(0x82, name.getBytes(StandardCharsets.US_ASCII)));
		return this;
	}

	public TestCertificate ca(@Nullable Integer pathLength) {
		this.ca = true;
		this.pathLength = pathLength;
		return keyUsage(0x06);
	}

	/**
	 * Set the key usage.
	 * @param bits the bits, the first one being {@code digitalSignature}
	 * @return this
	 */
	public TestCertificate keyUsage(int bits) {
		this.keyUsage = bits;
		return this;
	}

	public TestCertificate criticalExtendedKeyUsage(String purpose) {
		this.extendedKeyUsage = purpose;
		return this;
	}

	/**
	 * Let the names below this certificate be URIs of one host, or of a domain if it
	 * begins with a dot.
	 */
	public TestCertificate permittedUris(String host) {
		return nameConstraints(Der
			.sequence(Der.element(0xa0, Der.sequence(Der.element(0x86, host.getBytes(StandardCharsets.US_ASCII))))));
	}

	public TestCertificate nameConstraints(byte[] value) {
		this.nameConstraints = value;
		return this;
	}

	public X509Certificate signedBy(String issuer, PrivateKey key) {
		return signedBy(issuer, key, "SHA256withECDSA", "1.2.840.10045.4.3.2");
	}

	public X509Certificate signedBy(String issuer, PrivateKey key, String algorithm, String identifier) {
		byte[] algorithmIdentifier = Der.sequence(Der.objectIdentifier(identifier));
		byte[] certificate = Der.sequence(Der.element(0xa0, Der.integer(BigInteger.TWO)),
				Der.integer(BigInteger.valueOf(serialNumbers++)), algorithmIdentifier, name(issuer),
				Der.sequence(time(this.notBefore), time(this.notAfter)), name(this.subject), this.key.getEncoded(),
				Der.element(0xa3, Der.sequence(extensions())));
		try {
			Signature signature = Signature.getInstance(algorithm);
			signature.initSign(key);
			signature.update(certificate);
			return Certificates.read(Der.sequence(certificate, algorithmIdentifier, Der.bitString(signature.sign())));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private byte[][] extensions() {
		List<byte[]> extensions = new ArrayList<>();
		byte[][] constraints = (this.pathLength != null)
				? new byte[][] { TRUE, Der.integer(BigInteger.valueOf(this.pathLength)) } : new byte[][] { TRUE };
		extensions.add(extension("2.5.29.19", true, Der.sequence(this.ca ? constraints : new byte[0][])));
		extensions.add(extension("2.5.29.15", true, Der.bitString(new byte[] { (byte) this.keyUsage })));
		if (!this.names.isEmpty()) {
			extensions
				.add(extension("2.5.29.17", this.subject.isEmpty(), Der.sequence(this.names.toArray(byte[][]::new))));
		}
		if (this.extendedKeyUsage != null) {
			extensions.add(extension("2.5.29.37", true, Der.sequence(Der.objectIdentifier(this.extendedKeyUsage))));
		}
		if (this.nameConstraints != null) {
			extensions.add(extension("2.5.29.30", true, this.nameConstraints));
		}
		return extensions.toArray(byte[][]::new);
	}

	private static byte[] extension(String identifier, boolean critical, byte[] value) {
		return Der.sequence(Der.objectIdentifier(identifier), critical ? TRUE : new byte[0], Der.element(0x04, value));
	}

	private static byte[] name(String name) {
		return name.isEmpty() ? Der.sequence()
				: Der.sequence(Der.set(Der.sequence(Der.objectIdentifier("2.5.4.3"), Der.printableString(name))));
	}

	private static byte[] time(Instant time) {
		return Der.element(0x18, GENERALIZED_TIME.format(time).getBytes(StandardCharsets.US_ASCII));
	}

}
