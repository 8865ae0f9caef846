package dev.psat.spiffe;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;

import dev.psat.spiffe.internal.Der;
import org.jspecify.annotations.Nullable;

/**
 * What the certificate says, or what RFC 5280 derives from its key (section 4.2.1.2,
 * method 1).
 */
final class SubjectKeyId {

	private static final String EXTENSION = "2.5.29.14";

	private static final int OCTET_STRING = 0x04;

	/** A hash fits in, and no partner can make it fill a page. */
	private static final int LONGEST = 64;

	private SubjectKeyId() {
	}

	static String of(X509Certificate certificate) {
		byte[] written = written(certificate.getExtensionValue(EXTENSION));
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

}
