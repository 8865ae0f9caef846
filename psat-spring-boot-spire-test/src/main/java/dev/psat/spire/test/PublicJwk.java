package dev.psat.spire.test;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes public keys as JSON. What is no key remains unreadable.
 */
final class PublicJwk {

	private PublicJwk() {
	}

	static void addTo(ObjectNode key, String keyId, byte[] encoded) {
		if (parse("EC", encoded) instanceof ECPublicKey publicKey) {
			int size = (publicKey.getParams().getCurve().getField().getFieldSize() + 7) / 8;
			key.put("kty", "EC")
				.put("kid", keyId)
				.put("crv", "P-" + publicKey.getParams().getCurve().getField().getFieldSize());
			key.put("x", encode(publicKey.getW().getAffineX(), size));
			key.put("y", encode(publicKey.getW().getAffineY(), size));
		}
		else if (parse("RSA", encoded) instanceof RSAPublicKey publicKey) {
			key.put("kty", "RSA").put("kid", keyId);
			key.put("n", encode(publicKey.getModulus(), (publicKey.getModulus().bitLength() + 7) / 8));
			key.put("e", encode(publicKey.getPublicExponent(), (publicKey.getPublicExponent().bitLength() + 7) / 8));
		}
		else {
			key.put("kty", "EC")
				.put("kid", keyId)
				.put("crv", "P-256")
				.put("x", Base64.getUrlEncoder().encodeToString(encoded));
		}
	}

	static @Nullable PublicKey parse(String algorithm, byte[] encoded) {
		try {
			return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
		}
		catch (GeneralSecurityException ex) {
			return null;
		}
	}

	private static String encode(BigInteger number, int size) {
		byte[] bytes = number.toByteArray();
		byte[] sized = new byte[size];
		int length = Math.min(size, bytes.length);
		System.arraycopy(Arrays.copyOfRange(bytes, bytes.length - length, bytes.length), 0, sized, size - length,
				length);
		return Base64.getUrlEncoder().withoutPadding().encodeToString(sized);
	}

}
