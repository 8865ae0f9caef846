package dev.psat.support;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import javax.security.auth.x500.X500Principal;

import org.ietf.jgss.GSSException;
import org.ietf.jgss.Oid;
import org.jspecify.annotations.Nullable;

/**
 * Writes an X.509 certificate, at first that of a leaf without alternative names that has
 * just been issued for an hour. Whatever a test wants is written, sensible or not.
 */
public final class CertificateWriter {

	/** Of every certificate that is not given another one. */
	public static final KeyPair KEYS = newKeys();

	private static final DateTimeFormatter GENERALIZED_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private static final int SEQUENCE = 0x30;

	private static final byte[] TRUE = der(0x01, new byte[] { -1 });

	private static final AtomicLong SERIAL_NUMBERS = new AtomicLong(1000);

	private final List<byte[]> names = new ArrayList<>();

	private String subject = "SPIRE";

	private PublicKey key = KEYS.getPublic();

	private long serialNumber = SERIAL_NUMBERS.incrementAndGet();

	private Instant notBefore = Instant.now().minusSeconds(10);

	private Instant notAfter = this.notBefore.plusSeconds(3610);

	private boolean ca;

	private @Nullable Integer pathLength;

	private int keyUsage = 0x80;

	private @Nullable String extendedKeyUsage;

	private byte @Nullable [] nameConstraints;

	private byte @Nullable [] subjectKeyId;

	private final List<byte[]> more = new ArrayList<>();

	/**
	 * Create keys of the kind that most certificates have.
	 */
	public static KeyPair newKeys() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
			generator.initialize(256);
			return generator.generateKeyPair();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public CertificateWriter subject(String subject) {
		this.subject = subject;
		return this;
	}

	public CertificateWriter key(PublicKey key) {
		this.key = key;
		return this;
	}

	public CertificateWriter serialNumber(long serialNumber) {
		this.serialNumber = serialNumber;
		return this;
	}

	public CertificateWriter valid(Instant notBefore, Instant notAfter) {
		this.notBefore = notBefore;
		this.notAfter = notAfter;
		return this;
	}

	public CertificateWriter uri(String uri) {
		return name(0x86, uri);
	}

	public CertificateWriter dnsName(String name) {
		return name(0x82, name);
	}

	private CertificateWriter name(int tag, String name) {
		return name(der(tag, name.getBytes(StandardCharsets.US_ASCII)));
	}

	/**
	 * Add an alternative name of any kind.
	 * @param name a {@code GeneralName} (RFC 5280, section 4.2.1.6)
	 */
	public CertificateWriter name(byte[] name) {
		this.names.add(name);
		return this;
	}

	public CertificateWriter ca(@Nullable Integer pathLength) {
		this.ca = true;
		this.pathLength = pathLength;
		return keyUsage(0x06);
	}

	/**
	 * Set the key usage.
	 * @param bits the bits, the first one being {@code digitalSignature}
	 * @return this
	 */
	public CertificateWriter keyUsage(int bits) {
		this.keyUsage = bits;
		return this;
	}

	public CertificateWriter criticalExtendedKeyUsage(String purpose) {
		this.extendedKeyUsage = purpose;
		return this;
	}

	/**
	 * Let the names below this certificate be URIs of one host, or of a domain if it
	 * begins with a dot.
	 */
	public CertificateWriter permittedUris(String host) {
		byte[] name = der(0x86, host.getBytes(StandardCharsets.US_ASCII));
		return nameConstraints(der(SEQUENCE, der(0xa0, der(SEQUENCE, name))));
	}

	public CertificateWriter nameConstraints(byte[] value) {
		this.nameConstraints = value;
		return this;
	}

	/**
	 * Set the subject key identifier.
	 * @param value the value of the extension, which should be an octet string
	 */
	public CertificateWriter subjectKeyId(byte... value) {
		this.subjectKeyId = value;
		return this;
	}

	/**
	 * Add an extension.
	 * @param identifier its identifier
	 * @param critical whether it is critical
	 * @param value its value in DER
	 */
	public CertificateWriter extension(String identifier, boolean critical, byte[] value) {
		this.more.add(encoded(identifier, critical, value));
		return this;
	}

	public X509Certificate signedBy(String issuer, PrivateKey key) {
		return signedBy(issuer, key, "SHA256withECDSA", "1.2.840.10045.4.3.2");
	}

	public X509Certificate signedBy(String issuer, PrivateKey key, String algorithm, String identifier) {
		try {
			return signedBy(issuer, key, Signature.getInstance(algorithm), oid(identifier));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Sign by ECDSA with the identifier that leaves the digest to its parameters.
	 * @param issuer the name of the issuer
	 * @param key the key of the issuer, of an elliptic curve
	 * @param algorithm the algorithm
	 * @param digest the identifier of the digest
	 */
	public X509Certificate signedBySpecified(String issuer, PrivateKey key, String algorithm, String digest) {
		try {
			return signedBy(issuer, key, Signature.getInstance(algorithm), oid("1.2.840.10045.4.3"),
					der(SEQUENCE, oid(digest)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Sign with RSASSA-PSS.
	 * @param issuer the name of the issuer
	 * @param key the key of the issuer, of RSA
	 * @param parameters the parameters
	 */
	public X509Certificate signedBy(String issuer, PrivateKey key, PSSParameterSpec parameters) {
		try {
			Signature signature = Signature.getInstance("RSASSA-PSS");
			signature.setParameter(parameters);
			AlgorithmParameters encoded = AlgorithmParameters.getInstance("RSASSA-PSS");
			encoded.init(parameters);
			return signedBy(issuer, key, signature, oid("1.2.840.113549.1.1.10"), encoded.getEncoded());
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private X509Certificate signedBy(String issuer, PrivateKey key, Signature signature, byte[]... algorithm)
			throws GeneralSecurityException {
		byte[] algorithmIdentifier = der(SEQUENCE, algorithm);
		byte[] version = der(0xa0, integer(2));
		byte[] certificate = der(SEQUENCE, version, integer(this.serialNumber), algorithmIdentifier,
				distinguished(issuer), der(SEQUENCE, time(this.notBefore), time(this.notAfter)),
				distinguished(this.subject), this.key.getEncoded(), der(0xa3, der(SEQUENCE, extensions())));
		signature.initSign(key);
		signature.update(certificate);
		byte[] signed = der(SEQUENCE, certificate, algorithmIdentifier, bitString(signature.sign()));
		return (X509Certificate) CertificateFactory.getInstance("X.509")
			.generateCertificate(new ByteArrayInputStream(signed));
	}

	private byte[][] extensions() {
		List<byte[]> extensions = new ArrayList<>();
		byte[] authority = this.ca ? TRUE : new byte[0];
		byte[] pathLength = (this.pathLength != null) ? integer(this.pathLength) : new byte[0];
		extensions.add(encoded("2.5.29.19", true, der(SEQUENCE, authority, pathLength)));
		extensions.add(encoded("2.5.29.15", true, bitString((byte) this.keyUsage)));
		if (!this.names.isEmpty()) {
			extensions
				.add(encoded("2.5.29.17", this.subject.isEmpty(), der(SEQUENCE, this.names.toArray(byte[][]::new))));
		}
		if (this.extendedKeyUsage != null) {
			extensions.add(encoded("2.5.29.37", true, der(SEQUENCE, oid(this.extendedKeyUsage))));
		}
		if (this.nameConstraints != null) {
			extensions.add(encoded("2.5.29.30", true, this.nameConstraints));
		}
		if (this.subjectKeyId != null) {
			extensions.add(encoded("2.5.29.14", false, this.subjectKeyId));
		}
		extensions.addAll(this.more);
		return extensions.toArray(byte[][]::new);
	}

	private static byte[] encoded(String identifier, boolean critical, byte[] value) {
		return der(SEQUENCE, oid(identifier), critical ? TRUE : new byte[0], der(0x04, value));
	}

	private static byte[] distinguished(String name) {
		return new X500Principal(name.isEmpty() ? "" : "CN=\"" + name + "\"").getEncoded();
	}

	private static byte[] time(Instant time) {
		return der(0x18, GENERALIZED_TIME.format(time).getBytes(StandardCharsets.US_ASCII));
	}

	private static byte[] integer(long value) {
		return der(0x02, BigInteger.valueOf(value).toByteArray());
	}

	private static byte[] bitString(byte... bits) {
		return der(0x03, new byte[] { 0 }, bits);
	}

	static byte[] oid(String identifier) {
		try {
			return new Oid(identifier).getDER();
		}
		catch (GSSException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	static byte[] der(int tag, byte[]... parts) {
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			content.writeBytes(part);
		}
		int octets = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(content.size()) + 7) / 8);
		ByteArrayOutputStream encoded = new ByteArrayOutputStream();
		encoded.write(tag);
		if (content.size() >= 0x80) {
			encoded.write(0x80 + octets);
		}
		for (int octet = octets - 1; octet >= 0; octet--) {
			encoded.write(content.size() >> 8 * octet);
		}
		encoded.writeBytes(content.toByteArray());
		return encoded.toByteArray();
	}

}
