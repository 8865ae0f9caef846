package dev.psat.spiffe;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;

/**
 * Bounds what it costs to verify a signature with the key of a peer. SPIRE generates no
 * larger keys, and Go, in which it is written, reads no larger public exponents.
 */
final class KeyBounds {

	/** Completes "has a key". */
	static final String EXCEEDED = "other than RSA of up to 4096 bits with a public exponent of up to 32 bits,"
			+ " EC of up to 521 bits, or EdDSA";

	private KeyBounds() {
	}

	static boolean allow(PublicKey key) {
		if (key instanceof RSAPublicKey rsa) {
			return rsa.getModulus().bitLength() <= 4096 && rsa.getPublicExponent().bitLength() <= 32;
		}
		if (key instanceof ECPublicKey ec) {
			return ec.getParams().getCurve().getField().getFieldSize() <= 521;
		}
		return key instanceof EdECPublicKey;
	}

}
