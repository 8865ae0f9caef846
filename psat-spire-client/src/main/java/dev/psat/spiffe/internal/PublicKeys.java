package dev.psat.spiffe.internal;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Reads public keys whose type is only known from their encoding, and bounds what it
 * costs to verify a signature with one that somebody else has chosen. SPIRE generates no
 * larger keys, and Go, in which it is written, reads no larger public exponents.
 */
public final class PublicKeys {

	public static final String EXCEEDED = "other than RSA of up to 4096 bits with a public exponent of up to 32 bits,"
			+ " EC of up to 521 bits, or EdDSA";

	public static final String EXCEEDED_BY_AUTHORITY = "other than RSA of up to 8192 bits with a public exponent of up"
			+ " to 32 bits, EC of up to 521 bits, or EdDSA";

	private static final List<String> TYPES = List.of("EC", "RSA");

	private PublicKeys() {
	}

	public static @Nullable PublicKey read(byte[] der) {
		for (String type : TYPES) {
			try {
				PublicKey key = KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(der));
				return (key instanceof ECPublicKey ec && !isOnCurve(ec)) ? null : key;
			}
			catch (GeneralSecurityException ex) {
				// of another type
			}
		}
		return null;
	}

	/** The JDK does not check that the point of a key lies on its curve. */
	public static boolean isOnCurve(ECPublicKey key) {
		EllipticCurve curve = key.getParams().getCurve();
		ECPoint point = key.getW();
		if (!(curve.getField() instanceof ECFieldFp field) || ECPoint.POINT_INFINITY.equals(point)) {
			return false;
		}
		BigInteger p = field.getP();
		BigInteger x = point.getAffineX();
		BigInteger y = point.getAffineY();
		BigInteger right = x.pow(2).add(curve.getA()).multiply(x).add(curve.getB());
		return x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.pow(2).subtract(right).mod(p).signum() == 0;
	}

	public static boolean allow(PublicKey key) {
		return allow(key, 4096);
	}

	/**
	 * An authority of another trust domain, which anybody may have tried. Upstream
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
