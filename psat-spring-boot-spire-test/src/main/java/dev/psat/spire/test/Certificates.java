package dev.psat.spire.test;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.psat.spire.test.DerReader.Element;

/**
 * Writes certificates of authorities and SVIDs like a SPIRE Server. Names, extensions and
 * their order are those of the transcripts.
 */
final class Certificates {

	private static final int URI = 6;

	private static final int DNS_NAME = 2;

	private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));

	private static final byte DIGITAL_SIGNATURE_KEY_ENCIPHERMENT_AND_AGREEMENT = (byte) 0b1010_1000;

	private static final byte CERTIFICATE_AND_CRL_SIGN = 0b0000_0110;

	private static final SecureRandom random = new SecureRandom();

	private Certificates() {
	}

	static KeyPair newKeyPair() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
			generator.initialize(new ECGenParameterSpec("secp256r1"));
			return generator.generateKeyPair();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("No P-256 in this JVM", ex);
		}
	}

	static KeyPair newRsaKeyPair() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
			generator.initialize(2048);
			return generator.generateKeyPair();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("No RSA in this JVM", ex);
		}
	}

	static X509Certificate root(KeyPair keys, String uri, Validity validity) {
		BigInteger serial = newSerial();
		byte[] name = authorityName(serial);
		return write(serial, name, name, keys.getPublic(), validity, keys.getPrivate(), authorityUsage(),
				basicConstraints(true), subjectKeyId(keys.getPublic()), alternativeNames(uri, List.of()));
	}

	static X509Certificate intermediate(KeyPair keys, String uri, Validity validity, X509Certificate issuer,
			PrivateKey issuerKey) {
		BigInteger serial = newSerial();
		return write(serial, issuer.getSubjectX500Principal().getEncoded(), authorityName(serial), keys.getPublic(),
				validity, issuerKey, authorityUsage(), basicConstraints(true), subjectKeyId(keys.getPublic()),
				authorityKeyId(issuer.getPublicKey()), alternativeNames(uri, List.of()));
	}

	static X509Certificate svid(PublicKey key, String spiffeId, List<String> dnsNames, Validity validity,
			X509Certificate issuer, PrivateKey issuerKey) {
		byte[] extendedUsage = extension("2.5.29.37", false,
				Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"), Der.oid("1.3.6.1.5.5.7.3.2")));
		return write(newSerial(), issuer.getSubjectX500Principal().getEncoded(), svidName(spiffeId, dnsNames), key,
				validity, issuerKey, usage(3, DIGITAL_SIGNATURE_KEY_ENCIPHERMENT_AND_AGREEMENT), extendedUsage,
				basicConstraints(false), subjectKeyId(key), authorityKeyId(issuer.getPublicKey()),
				alternativeNames(spiffeId, dnsNames));
	}

	static List<String> uris(X509Certificate certificate) {
		try {
			Collection<List<?>> names = certificate.getSubjectAlternativeNames();
			return (names != null) ? names.stream()
				.filter((name) -> name.get(0).equals(URI))
				.map((name) -> String.valueOf(name.get(1)))
				.toList() : List.of();
		}
		catch (CertificateParsingException ex) {
			return List.of();
		}
	}

	static X509Certificate parse(InputStream encoded) throws CertificateException {
		return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(encoded);
	}

	static byte[] encoded(X509Certificate certificate) {
		try {
			return certificate.getEncoded();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Could not encode a certificate", ex);
		}
	}

	private static X509Certificate write(BigInteger serial, byte[] issuer, byte[] subject, PublicKey key,
			Validity validity, PrivateKey issuerKey, byte[]... extensions) {
		byte[] content = Der.sequence(Der.element(Der.CONTEXT_CONSTRUCTED, Der.integer(BigInteger.TWO)),
				Der.integer(serial), ECDSA_WITH_SHA256, issuer,
				Der.sequence(Der.time(validity.notBefore()), Der.time(validity.notAfter())), subject, key.getEncoded(),
				Der.element(Der.CONTEXT_CONSTRUCTED + 3, Der.sequence(extensions)));
		try {
			Signature signature = Signature.getInstance("SHA256withECDSA");
			signature.initSign(issuerKey);
			signature.update(content);
			byte[] certificate = Der.sequence(content, ECDSA_WITH_SHA256, Der.bitString(0, signature.sign()));
			return parse(new ByteArrayInputStream(certificate));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Could not sign a certificate", ex);
		}
	}

	private static BigInteger newSerial() {
		return new BigInteger(128, random).add(BigInteger.ONE);
	}

	private static byte[] authorityName(BigInteger serial) {
		return Der.sequence(attribute("2.5.4.6", Der.printable("US")), attribute("2.5.4.10", Der.printable("SPIFFE")),
				attribute("2.5.4.5", Der.printable(serial.toString())));
	}

	private static byte[] svidName(String spiffeId, List<String> dnsNames) {
		List<byte[]> attributes = new ArrayList<>();
		attributes.add(attribute("2.5.4.6", Der.printable("US")));
		attributes.add(attribute("2.5.4.10", Der.printable("SPIRE")));
		if (!dnsNames.isEmpty()) {
			attributes.add(attribute("2.5.4.3", Der.utf8(dnsNames.get(0))));
		}
		return Der.sequence(attributes.toArray(byte[][]::new));
	}

	private static byte[] attribute(String type, byte[] value) {
		return Der.set(Der.sequence(Der.oid(type), value));
	}

	private static byte[] authorityUsage() {
		return usage(1, CERTIFICATE_AND_CRL_SIGN);
	}

	private static byte[] usage(int unusedBits, byte bits) {
		return extension("2.5.29.15", true, Der.bitString(unusedBits, bits));
	}

	private static byte[] basicConstraints(boolean authority) {
		return extension("2.5.29.19", true, authority ? Der.sequence(Der.bool(true)) : Der.sequence());
	}

	private static byte[] subjectKeyId(PublicKey key) {
		return extension("2.5.29.14", false, Der.octetString(keyId(key)));
	}

	private static byte[] authorityKeyId(PublicKey key) {
		return extension("2.5.29.35", false, Der.sequence(Der.element(Der.CONTEXT, keyId(key))));
	}

	private static byte[] alternativeNames(String uri, List<String> dnsNames) {
		List<byte[]> names = new ArrayList<>();
		dnsNames.forEach((name) -> names.add(alternativeName(DNS_NAME, name)));
		if (!uri.isEmpty()) {
			names.add(alternativeName(URI, uri));
		}
		return names.isEmpty() ? new byte[0]
				: extension("2.5.29.17", false, Der.sequence(names.toArray(byte[][]::new)));
	}

	private static byte[] alternativeName(int type, String name) {
		return Der.element(Der.CONTEXT + type, name.getBytes(StandardCharsets.US_ASCII));
	}

	private static byte[] extension(String type, boolean critical, byte[] value) {
		return critical ? Der.sequence(Der.oid(type), Der.bool(true), Der.octetString(value))
				: Der.sequence(Der.oid(type), Der.octetString(value));
	}

	private static byte[] keyId(PublicKey key) {
		DerReader info = new DerReader(key.getEncoded()).next(Der.SEQUENCE).reader();
		info.next(Der.SEQUENCE);
		Element bits = info.next(Der.BIT_STRING);
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-1");
			digest.update(bits.content(), 1, bits.content().length - 1);
			return digest.digest();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("No SHA-1 in this JVM", ex);
		}
	}

	record Validity(Instant notBefore, Instant notAfter) {

	}

}
