package dev.psat.spiffe;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;

import dev.psat.spiffe.internal.Der;
import dev.psat.spiffe.internal.PublicKeys;
import org.jspecify.annotations.Nullable;

/** A JSON Web Key (RFC 7517) of a SPIFFE bundle. */
record JsonWebKey(Map<?, ?> members) {

	private static final byte UNCOMPRESSED = 0x04;

	private static final int POINT_OF_OKP = 12;

	@Nullable String text(String name) {
		return (this.members.get(name) instanceof String text) ? text : null;
	}

	/** A JWK has the key of its certificate (RFC 7517, section 4.7), or names none. */
	boolean isThatOf(PublicKey key) {
		String type = text("kty");
		if (type == null) {
			return true;
		}
		if (key instanceof RSAPublicKey rsa) {
			return type.equals("RSA") && (!names("n", "e")
					|| publicKey() instanceof RSAPublicKey own && own.getModulus().equals(rsa.getModulus())
							&& own.getPublicExponent().equals(rsa.getPublicExponent()));
		}
		if (key instanceof ECPublicKey) {
			return type.equals("EC") && (!names("crv", "x", "y") || key.equals(publicKey()));
		}
		return type.equals("OKP") && (!names("crv", "x") || endsWith(key.getEncoded(), bytes("x")));
	}

	/** The point comes last (RFC 8410, section 4). */
	private static boolean endsWith(byte[] key, byte[] point) {
		int start = key.length - point.length;
		return start == POINT_OF_OKP && Arrays.equals(key, start, key.length, point, 0, point.length);
	}

	private boolean names(String... members) {
		return Stream.of(members).anyMatch(this.members::containsKey);
	}

	/** RFC 7518, sections 6.2 and 6.3. */
	@Nullable PublicKey publicKey() {
		String type = required("kty");
		return switch (type) {
			case "EC" -> elliptic(required("crv"));
			case "RSA" -> rsa();
			default -> null;
		};
	}

	private @Nullable PublicKey elliptic(String curve) {
		return switch (curve) {
			case "P-256" -> elliptic("1.2.840.10045.3.1.7", 32);
			case "P-384" -> elliptic("1.3.132.0.34", 48);
			case "P-521" -> elliptic("1.3.132.0.35", 66);
			default -> null;
		};
	}

	private @Nullable PublicKey elliptic(String curve, int length) {
		byte[] algorithm = Der.sequence(Der.objectIdentifier("1.2.840.10045.2.1"), Der.objectIdentifier(curve));
		byte[] x = bytes("x", length);
		byte[] y = bytes("y", length);
		byte[] point = new byte[1 + 2 * length];
		point[0] = UNCOMPRESSED;
		System.arraycopy(x, 0, point, 1, length);
		System.arraycopy(y, 0, point, 1 + length, length);
		PublicKey key = publicKey("EC", algorithm, point);
		if (key instanceof ECPublicKey ec && !PublicKeys.isOnCurve(ec)) {
			throw new IllegalArgumentException("a JWK has a point that is not on its curve");
		}
		return key;
	}

	private @Nullable PublicKey rsa() {
		byte[] algorithm = Der.sequence(Der.objectIdentifier("1.2.840.113549.1.1.1"), Der.element(0x05));
		byte[] key = Der.sequence(Der.integer(new BigInteger(1, bytes("n"))),
				Der.integer(new BigInteger(1, bytes("e"))));
		return publicKey("RSA", algorithm, key);
	}

	private static @Nullable PublicKey publicKey(String type, byte[] algorithm, byte[] key) {
		try {
			byte[] info = Der.sequence(algorithm, Der.bitString(key));
			return KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(info));
		}
		catch (NoSuchAlgorithmException ex) {
			return null;
		}
		catch (InvalidKeySpecException ex) {
			throw new IllegalArgumentException("a JWK holds no %s key".formatted(type), ex);
		}
	}

	private byte[] bytes(String name, int length) {
		byte[] bytes = bytes(name);
		if (bytes.length != length) {
			throw new IllegalArgumentException("a JWK has \"%s\" of the wrong length".formatted(name));
		}
		return bytes;
	}

	private byte[] bytes(String name) {
		String text = required(name);
		try {
			return Base64.getUrlDecoder().decode(text);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("a JWK has \"%s\" that is not base64url".formatted(name), ex);
		}
	}

	String required(String name) {
		String text = text(name);
		if (text == null) {
			throw new IllegalArgumentException("a JWK has no \"%s\"".formatted(name));
		}
		return text;
	}

}
