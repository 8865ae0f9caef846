package dev.psat.spiffe.internal;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** Reads public keys whose type is only known from their encoding. */
public final class PublicKeys {

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

	/**
	 * Return whether the point that a key is lies on its curve. The JDK does not check
	 * that.
	 */
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

}
