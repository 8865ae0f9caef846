package dev.psat.test;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Base64;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A key pair of the simulated API server, which signs with the private key and publishes
 * the public one.
 */
final class SigningKey {

	private static final int P256_COORDINATE_LENGTH = 32;

	private final SigningAlgorithm algorithm;

	private final PublicKey publicKey;

	private final String id;

	private final Signature signature;

	private SigningKey(SigningAlgorithm algorithm, KeyPair keys) throws GeneralSecurityException {
		this.algorithm = algorithm;
		this.publicKey = keys.getPublic();
		this.id = base64Url(MessageDigest.getInstance("SHA-256").digest(this.publicKey.getEncoded()));
		this.signature = signature(algorithm, keys.getPrivate());
	}

	static SigningKey generate(SigningAlgorithm algorithm) {
		try {
			KeyPairGenerator generator = KeyPairGenerator
				.getInstance((algorithm == SigningAlgorithm.ES256) ? "EC" : "RSA");
			generator.initialize(keyParameters(algorithm));
			return new SigningKey(algorithm, generator.generateKeyPair());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(algorithm + " is not available in this JVM", ex);
		}
	}

	private static AlgorithmParameterSpec keyParameters(SigningAlgorithm algorithm) {
		return switch (algorithm) {
			case ES256 -> new ECGenParameterSpec("secp256r1");
			case RS256 -> new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4);
		};
	}

	private static Signature signature(SigningAlgorithm algorithm, PrivateKey key) throws GeneralSecurityException {
		Signature signature = Signature.getInstance(switch (algorithm) {
			case ES256 -> "SHA256withECDSAinP1363Format";
			case RS256 -> "SHA256withRSA";
		});
		signature.initSign(key);
		return signature;
	}

	SigningAlgorithm algorithm() {
		return this.algorithm;
	}

	/**
	 * Return the key ID as derived by Kubernetes from the digest of the public key.
	 * @return the {@code kid}
	 */
	String id() {
		return this.id;
	}

	/**
	 * Sign the given content. Not thread-safe.
	 * @param content the content to sign
	 * @return the signature as carried by a JWS, before it is encoded
	 */
	byte[] sign(byte[] content) {
		try {
			this.signature.update(content);
			return this.signature.sign();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Could not sign", ex);
		}
	}

	String toJwks(JsonMapper json) {
		ObjectNode keySet = json.createObjectNode();
		ObjectNode key = keySet.putArray("keys").addObject();
		key.put("use", "sig").put("kid", this.id).put("alg", this.algorithm.name());
		if (this.publicKey instanceof ECPublicKey ec) {
			key.put("kty", "EC").put("crv", "P-256");
			key.put("x", coordinate(ec.getW().getAffineX())).put("y", coordinate(ec.getW().getAffineY()));
		}
		else if (this.publicKey instanceof RSAPublicKey rsa) {
			key.put("kty", "RSA").put("n", unsigned(rsa.getModulus())).put("e", unsigned(rsa.getPublicExponent()));
		}
		return json.writeValueAsString(keySet);
	}

	static String coordinate(BigInteger value) {
		byte[] minimal = unsignedBytes(value);
		byte[] padded = new byte[P256_COORDINATE_LENGTH];
		System.arraycopy(minimal, 0, padded, padded.length - minimal.length, minimal.length);
		return base64Url(padded);
	}

	private static String unsigned(BigInteger value) {
		return base64Url(unsignedBytes(value));
	}

	private static byte[] unsignedBytes(BigInteger value) {
		byte[] signed = value.toByteArray();
		int start = (signed[0] == 0) ? 1 : 0;
		byte[] unsigned = new byte[signed.length - start];
		System.arraycopy(signed, start, unsigned, 0, unsigned.length);
		return unsigned;
	}

	static String base64Url(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

}
