package dev.psat.spiffe.internal;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

import org.jspecify.annotations.Nullable;

public final class Certificates {

	/** RFC 5280, section 4.2.1.3. */
	public static final int KEY_CERT_SIGN = 5;

	public static final int CRL_SIGN = 6;

	/** RFC 5280, section 4.2.1.6. */
	private static final int URI = 6;

	private static final String ALTERNATIVE_NAMES = "2.5.29.17";

	private static final String SUBJECT_KEY_ID = "2.5.29.14";

	private static final int OCTET_STRING = 0x04;

	/** A hash fits in, and no partner can make it fill a page. */
	private static final int LONGEST = 64;

	private Certificates() {
	}

	public static X509Certificate read(byte[] der) {
		try {
			X509Certificate certificate = (X509Certificate) factory()
				.generateCertificate(new ByteArrayInputStream(der));
			// the factory would also read PEM, and ignore trailing bytes
			if (Arrays.equals(certificate.getEncoded(), der)) {
				return certificate;
			}
		}
		catch (CertificateException ex) {
			throw new IllegalArgumentException("a certificate is not X.509 in DER", ex);
		}
		throw new IllegalArgumentException("a certificate is not X.509 in DER");
	}

	public static List<X509Certificate> readAll(byte[] der) {
		return Der.elements(der, Integer.MAX_VALUE - 1).stream().map(Certificates::read).toList();
	}

	/**
	 * Throws if the alternative names cannot be read, so that nobody knows whether there
	 * are any.
	 */
	public static List<String> uris(X509Certificate certificate) {
		Collection<List<?>> names = names(certificate);
		return names.stream()
			.filter((name) -> name.get(0).equals(URI))
			.map((name) -> String.valueOf(name.get(1)))
			.toList();
	}

	private static Collection<List<?>> names(X509Certificate certificate) {
		try {
			Collection<List<?>> names = certificate.getSubjectAlternativeNames();
			if (names != null) {
				return names;
			}
		}
		catch (CertificateParsingException ex) {
			throw unreadable();
		}
		// Java 17 passes over names that it cannot read, as if there were none
		if (certificate.getExtensionValue(ALTERNATIVE_NAMES) != null) {
			throw unreadable();
		}
		return List.of();
	}

	private static IllegalArgumentException unreadable() {
		return new IllegalArgumentException("its alternative names cannot be read");
	}

	/**
	 * What the certificate says, or what RFC 5280 derives from its key (section 4.2.1.2,
	 * method 1).
	 */
	public static String keyId(X509Certificate certificate) {
		byte[] written = written(certificate.getExtensionValue(SUBJECT_KEY_ID));
		return HexFormat.of().formatHex((written != null) ? written : derived(certificate.getPublicKey().getEncoded()));
	}

	private static byte @Nullable [] written(byte @Nullable [] extension) {
		if (extension == null) {
			return null;
		}
		try {
			byte[] id = Der.contents(Der.contents(extension, 0), 0);
			boolean wellFormed = Der.contents(extension, 0)[0] == OCTET_STRING && id.length > 0 && id.length <= LONGEST;
			return wellFormed ? id : null;
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException ex) {
			return null;
		}
	}

	private static byte[] derived(byte[] subjectPublicKeyInfo) {
		byte[] elements = Der.contents(subjectPublicKeyInfo, 0);
		byte[] bitString = Der.contents(elements, Der.length(elements, 0));
		// the first octet says how many bits are unused
		return sha1(Arrays.copyOfRange(bitString, 1, bitString.length));
	}

	private static byte[] sha1(byte[] bytes) {
		try {
			return MessageDigest.getInstance("SHA-1").digest(bytes);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-1", ex);
		}
	}

	public static boolean maySign(X509Certificate certificate) {
		boolean[] usage = certificate.getKeyUsage();
		return certificate.getBasicConstraints() != -1 && (usage == null || usage[KEY_CERT_SIGN]);
	}

	public static CertificateFactory factory() {
		try {
			return CertificateFactory.getInstance("X.509");
		}
		catch (CertificateException ex) {
			throw new IllegalStateException("Every Java platform supports X.509", ex);
		}
	}

}
