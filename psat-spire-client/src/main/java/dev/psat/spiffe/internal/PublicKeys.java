package dev.psat.spiffe.internal;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Reads public keys whose type is only known from their encoding.
 */
public final class PublicKeys {

	private static final List<String> TYPES = List.of("EC", "RSA");

	private PublicKeys() {
	}

	/**
	 * Read a public key.
	 * @param der a {@code SubjectPublicKeyInfo} (RFC 5280, section 4.1)
	 * @return the key, {@code null} if it is malformed or of an unknown type
	 */
	public static @Nullable PublicKey read(byte[] der) {
		for (String type : TYPES) {
			try {
				return KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(der));
			}
			catch (GeneralSecurityException ex) {
				// of another type
			}
		}
		return null;
	}

}
