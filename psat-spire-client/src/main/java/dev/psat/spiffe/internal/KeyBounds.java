package dev.psat.spiffe.internal;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;

/**
 * Bounds what it costs to verify a signature with a key that somebody else has chosen.
 * SPIRE generates no larger keys, and Go, in which it is written, reads no larger public
 * exponents.
 */
public final class KeyBounds {

	public static final String EXCEEDED = "other than RSA of up to 4096 bits with a public exponent of up to 32 bits,"
			+ " EC of up to 521 bits, or EdDSA";

	public static final String EXCEEDED_BY_AUTHORITY = "other than RSA of up to 8192 bits with a public exponent of up"
			+ " to 32 bits, EC of up to 521 bits, or EdDSA";

	private KeyBounds() {
	}

	public static boolean allow(PublicKey key) {
		return allow(key, 4096);
	}

	/**
	 * Return whether an authority of another trust domain may have a key. Anybody may
	 * have it tried, so that its trust domain would decide what that costs. Upstream
	 * authorities may live long, and have larger keys than what they sign.
	 */
	public static boolean allowOfAuthority(PublicKey key) {
		return allow(key, 8192);
	}

	public static boolean isKnown(PublicKey key) {
		return key instanceof RSAPublicKey || key instanceof ECPublicKey || key instanceof EdECPublicKey;
	}

	private static boolean allow(PublicKey key, int modulus) {
		if (key instanceof RSAPublicKey rsa) {
			return rsa.getModulus().bitLength() <= modulus && rsa.getPublicExponent().bitLength() <= 32;
		}
		if (key instanceof ECPublicKey ec) {
			return ec.getParams().getCurve().getField().getFieldSize() <= 521;
		}
		return key instanceof EdECPublicKey;
	}

}
