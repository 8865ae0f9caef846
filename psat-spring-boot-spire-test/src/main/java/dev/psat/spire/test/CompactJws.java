package dev.psat.spire.test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;
import tools.jackson.databind.JsonNode;

import org.springframework.util.Assert;

/**
 * A token that is signed, as go-jose reads it for SPIRE. Source of order and wording:
 * {@code jws.go}, {@code shared.go} and {@code signing.go} of go-jose 4.1.4.
 */
final class CompactJws {

	private static final List<String> ALGORITHMS = List.of("ES256", "ES384", "ES512", "RS256", "RS384", "RS512",
			"PS256", "PS384", "PS512");

	private static final Map<String, List<String>> PUBLIC_KEYS = Map.of("EC", List.of("crv", "x", "y"), "RSA",
			List.of("n", "e"), "OKP", List.of("crv", "x"));

	private final JsonNode header;

	private final byte[] encodedHeader;

	private final byte[] payload;

	private final byte[] signature;

	private CompactJws(byte[] header, byte[] payload, byte[] signature) {
		this.header = GoJson.object(header);
		this.encodedHeader = header;
		this.payload = payload;
		this.signature = signature;
	}

	static CompactJws parse(String token) {
		String[] parts = token.split("\\.", -1);
		Assert.isTrue(parts.length == 3, "go-jose/go-jose: compact JWS format must have three parts");
		CompactJws jws = new CompactJws(GoJson.base64(parts[0]), GoJson.base64(parts[1]), GoJson.base64(parts[2]));
		jws.checkHeader();
		return jws;
	}

	private void checkHeader() {
		keyId();
		GoJson.text(this.header.path("nonce"));
		checkCertificates(this.header.path("x5c"));
		String algorithm = algorithm();
		Assert.isTrue(ALGORITHMS.contains(algorithm), () -> "unexpected signature algorithm \"%s\"; expected [\"%s\"]"
			.formatted(algorithm, String.join("\" \"", ALGORITHMS)));
		JsonNode key = this.header.path("jwk");
		Assert.isTrue(GoJson.isAbsent(key) || isPublic(key),
				"go-jose/go-jose: invalid embedded jwk, must be public key");
	}

	private static boolean isPublic(JsonNode key) {
		List<String> members = PUBLIC_KEYS.getOrDefault(key.path("kty").asString(""), List.of("none"));
		return GoJson.isAbsent(key.path("d")) && members.stream().allMatch((member) -> key.path(member).isString());
	}

	private static void checkCertificates(JsonNode chain) {
		if (GoJson.isAbsent(chain)) {
			return;
		}
		Assert.isTrue(chain.isArray(), "failed to unmarshal x5c header");
		try {
			CertificateFactory factory = CertificateFactory.getInstance("X.509");
			for (JsonNode certificate : chain) {
				byte[] content = Base64.getDecoder().decode(GoJson.text(certificate));
				factory.generateCertificate(new ByteArrayInputStream(content));
			}
		}
		catch (CertificateException | IllegalArgumentException ex) {
			throw new IllegalArgumentException("failed to unmarshal x5c header", ex);
		}
	}

	private String algorithm() {
		return GoJson.text(this.header.path("alg"));
	}

	String keyId() {
		return GoJson.text(this.header.path("kid"));
	}

	JsonNode claims() {
		return GoJson.object(this.payload);
	}

	void verify(ByteString key) {
		checkCritical(this.header.path("crit"));
		try {
			Assert.isTrue(verify(algorithm(), key.toByteArray()), "not verified");
		}
		catch (GeneralSecurityException | IllegalArgumentException ex) {
			throw new IllegalArgumentException("go-jose/go-jose: error in cryptographic primitive", ex);
		}
	}

	private static void checkCritical(JsonNode names) {
		if (GoJson.isAbsent(names)) {
			return;
		}
		Assert.isTrue(names.isArray(), "json: cannot unmarshal into Go value of type []string");
		for (JsonNode name : names) {
			Assert.isTrue(GoJson.text(name).equals("b64"), "go-jose/go-jose: unsupported critical header");
		}
	}

	private boolean verify(String algorithm, byte[] encoded) throws GeneralSecurityException {
		int bits = Integer.parseInt(algorithm.substring(2));
		boolean elliptic = algorithm.startsWith("E");
		PublicKey key = PublicJwk.parse(elliptic ? "EC" : "RSA", encoded);
		Assert.isTrue(key != null, "unsupported algorithm");
		String hash = "SHA" + bits;
		Signature signature = Signature.getInstance(switch (algorithm.charAt(0)) {
			case 'E' -> hash + "withECDSAinP1363Format";
			case 'R' -> hash + "withRSA";
			default -> "RSASSA-PSS";
		});
		if (algorithm.startsWith("P")) {
			signature.setParameter(new PSSParameterSpec("SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits),
					bits / Byte.SIZE, PSSParameterSpec.TRAILER_FIELD_BC));
		}
		signature.initVerify(key);
		signature.update(signed());
		return signature.verify(this.signature);
	}

	/** Only with canonical base64. */
	private byte[] signed() {
		ByteArrayOutputStream signed = new ByteArrayOutputStream();
		signed.writeBytes(encode(this.encodedHeader));
		signed.write('.');
		boolean plain = this.header.path("b64").isBoolean() && !this.header.path("b64").asBoolean();
		signed.writeBytes(plain ? this.payload : encode(this.payload));
		return signed.toByteArray();
	}

	private static byte[] encode(byte[] content) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(content).getBytes(StandardCharsets.US_ASCII);
	}

}
