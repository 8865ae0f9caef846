package dev.psat.spire.test;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;

/**
 * Reads SPIFFE bundle documents. Source of rules and wording:
 * {@code bundleutil/unmarshal.go}; what each does with a key of unknown use was seen on a
 * real server.
 */
enum BundleDocument {

	/** As {@code bundle set -format spiffe} reads it. */
	LENIENT,

	/** As it is read from a bundle endpoint. */
	STRICT;

	private static final Map<String, String> CURVES = Map.of("P-256", "secp256r1", "P-384", "secp384r1", "P-521",
			"secp521r1");

	private static final byte[] ED25519 = Der.sequence(Der.oid("1.3.101.112"));

	FederatedBundle read(String trustDomain, String document) {
		JsonNode json = parse(document);
		JsonNode keys = json.path("keys");
		Assert.isTrue(keys.isArray(), "no authorities found");
		List<ByteString> x509Authorities = new ArrayList<>();
		Map<String, ByteString> jwtAuthorities = new LinkedHashMap<>();
		for (int i = 0; i < keys.size(); i++) {
			JsonNode key = keys.get(i);
			switch (key.path("use").asString("")) {
				case "x509-svid" -> x509Authorities.add(certificate(key, i));
				case "jwt-svid" -> jwtAuthorities.put(keyId(key, i), publicKey(key, i));
				case "wit-svid" -> {
					// for others
				}
				default -> skip(key, i);
			}
		}
		return new FederatedBundle(trustDomain, x509Authorities, jwtAuthorities,
				json.path("spiffe_refresh_hint").asLong(0),
				(this == LENIENT) ? json.path("spiffe_sequence").bigIntegerValue(BigInteger.ZERO).longValue() : 0);
	}

	private static JsonNode parse(String document) {
		try {
			return new JsonMapper().readTree(document);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("the document is not JSON", ex);
		}
	}

	private void skip(JsonNode key, int index) {
		Assert.isTrue(this == LENIENT,
				() -> key.has("use")
						? "unrecognized use \"%s\" for key entry %d".formatted(key.get("use").asString(), index)
						: "missing use for key entry " + index);
	}

	private static ByteString certificate(JsonNode key, int index) {
		int certificates = key.path("x5c").size();
		Assert.isTrue(certificates == 1,
				() -> "expected a single certificate in X.509-SVID entry %d; got %d".formatted(index, certificates));
		return ByteString.copyFrom(Base64.getDecoder().decode(key.get("x5c").get(0).asString()));
	}

	private static String keyId(JsonNode key, int index) {
		String keyId = key.path("kid").asString("");
		Assert.isTrue(!keyId.isEmpty(), () -> "missing key ID in JWT-SVID entry " + index);
		return keyId;
	}

	private static ByteString publicKey(JsonNode key, int index) {
		try {
			return ByteString.copyFrom(switch (key.path("kty").asString("")) {
				case "EC" -> ellipticCurve(key);
				case "RSA" -> KeyFactory.getInstance("RSA")
					.generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e")))
					.getEncoded();
				case "OKP" -> Der.sequence(ED25519, Der.bitString(0, bytes(key, "x")));
				default -> throw new IllegalArgumentException("unknown key type in JWT-SVID entry " + index);
			});
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalArgumentException("invalid key in JWT-SVID entry " + index, ex);
		}
	}

	private static byte[] ellipticCurve(JsonNode key) throws GeneralSecurityException {
		AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
		curve.init(new ECGenParameterSpec(CURVES.getOrDefault(key.path("crv").asString(""), "")));
		ECPoint point = new ECPoint(number(key, "x"), number(key, "y"));
		return KeyFactory.getInstance("EC")
			.generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)))
			.getEncoded();
	}

	private static BigInteger number(JsonNode key, String name) {
		return new BigInteger(1, bytes(key, name));
	}

	private static byte[] bytes(JsonNode key, String name) {
		return Base64.getUrlDecoder().decode(key.path(name).asString(""));
	}

}
