package dev.psat.spire.test;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.psat.test.SimulatedKubelet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class KubeletKeys {

	private final JsonMapper json = new JsonMapper();

	private final Map<String, PublicKey> keys = new ConcurrentHashMap<>();

	void add(SimulatedKubelet kubelet) {
		for (JsonNode key : this.json.readTree(kubelet.jwks()).path("keys")) {
			this.keys.put(key.path("kid").asString(), publicKey(key));
		}
	}

	@Nullable PublicKey find(String id) {
		return this.keys.get(id);
	}

	static boolean verify(String token, PublicKey key) {
		int dot = token.lastIndexOf('.');
		try {
			Signature verifier = Signature
				.getInstance(key.getAlgorithm().equals("EC") ? "SHA256withECDSAinP1363Format" : "SHA256withRSA");
			verifier.initVerify(key);
			verifier.update(token.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
			return verifier.verify(Base64.getUrlDecoder().decode(token.substring(dot + 1)));
		}
		catch (GeneralSecurityException | IllegalArgumentException ex) {
			return false;
		}
	}

	private static PublicKey publicKey(JsonNode key) {
		try {
			if (key.path("kty").asString().equals("EC")) {
				ECPoint point = new ECPoint(number(key, "x"), number(key, "y"));
				return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, p256()));
			}
			return KeyFactory.getInstance("RSA")
				.generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e")));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalArgumentException("The key of the simulated kubelet cannot be read", ex);
		}
	}

	private static BigInteger number(JsonNode key, String name) {
		return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(name).asString()));
	}

	private static ECParameterSpec p256() throws GeneralSecurityException {
		AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
		parameters.init(new ECGenParameterSpec("secp256r1"));
		return parameters.getParameterSpec(ECParameterSpec.class);
	}

}
