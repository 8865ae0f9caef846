package dev.psat.spiffe;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.DSAPublicKeySpec;
import java.security.spec.KeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.List;

/**
 * Keys whose owner decides what a signature costs the one who verifies it, and others
 * that are large, but not too large.
 */
public final class CostlyKeys {

	private static final BigInteger USUAL_EXPONENT = BigInteger.valueOf(65537);

	private CostlyKeys() {
	}

	public static List<PublicKey> tooCostly() {
		return List.of(rsa(8193, USUAL_EXPONENT), rsa(16384, USUAL_EXPONENT),
				rsa(2048, BigInteger.ONE.shiftLeft(32).add(BigInteger.ONE)), dsa(2048));
	}

	public static List<PublicKey> large() {
		return List.of(rsa(8192, USUAL_EXPONENT), rsa(4096, BigInteger.ONE.shiftLeft(31).add(BigInteger.ONE)));
	}

	private static PublicKey rsa(int bits, BigInteger exponent) {
		return key("RSA", new RSAPublicKeySpec(number(bits), exponent));
	}

	private static PublicKey dsa(int bits) {
		return key("DSA", new DSAPublicKeySpec(BigInteger.TWO, number(bits), number(224), BigInteger.TWO));
	}

	/**
	 * Return a number that nobody needs to have factorized.
	 */
	private static BigInteger number(int bits) {
		return BigInteger.ONE.shiftLeft(bits - 1).add(BigInteger.ONE);
	}

	private static PublicKey key(String algorithm, KeySpec spec) {
		try {
			return KeyFactory.getInstance(algorithm).generatePublic(spec);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
