package dev.psat.spire.test;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.JWTKey;
import dev.psat.spire.test.proto.JWTSVID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Signs JWT-SVIDs. Header and claims are those of the transcript {@code jwtsvid}.
 */
final class JwtAuthority implements AuthorityRotation.Authority {

	private final JsonMapper json = new JsonMapper();

	private final KeyPair keys = Certificates.newKeyPair();

	private final String keyId;

	private final Instant expiresAt;

	private volatile boolean tainted;

	JwtAuthority(Instant expiresAt) {
		this(expiresAt, newKeyId());
	}

	JwtAuthority(Instant expiresAt, String keyId) {
		this.expiresAt = expiresAt;
		this.keyId = keyId;
	}

	static String newKeyId() {
		return UUID.randomUUID().toString().replace("-", "");
	}

	String keyId() {
		return this.keyId;
	}

	JWTSVID issue(String spiffeId, List<String> audiences, boolean includeJti, Instant now, Duration ttl) {
		return issue(this.keyId, spiffeId, audiences, includeJti, now, ttl);
	}

	/**
	 * Never outlives this authority.
	 * @param namedKeyId need not be the ID of the key
	 */
	JWTSVID issue(String namedKeyId, String spiffeId, List<String> audiences, boolean includeJti, Instant now,
			Duration ttl) {
		Instant end = now.plus(ttl).isBefore(this.expiresAt) ? now.plus(ttl) : this.expiresAt;
		ObjectNode claims = this.json.createObjectNode();
		audiences.forEach(claims.putArray("aud")::add);
		claims.put("exp", end.getEpochSecond()).put("iat", now.getEpochSecond());
		if (includeJti) {
			claims.put("jti", UUID.randomUUID().toString());
		}
		claims.put("sub", spiffeId);
		ObjectNode header = this.json.createObjectNode().put("alg", "ES256").put("kid", namedKeyId).put("typ", "JWT");
		return JWTSVID.newBuilder()
			.setToken(token(this.json.writeValueAsString(header), this.json.writeValueAsString(claims)))
			.setId(SpiffeIds.toMessage(spiffeId))
			.setExpiresAt(end.getEpochSecond())
			.setIssuedAt(now.getEpochSecond())
			.build();
	}

	String token(String header, String claims) {
		String signed = encode(header.getBytes(StandardCharsets.UTF_8)) + "."
				+ encode(claims.getBytes(StandardCharsets.UTF_8));
		return signed + "." + encode(sign(signed));
	}

	private byte[] sign(String signed) {
		try {
			Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
			signature.initSign(this.keys.getPrivate());
			signature.update(signed.getBytes(StandardCharsets.US_ASCII));
			return signature.sign();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Could not sign a JWT-SVID", ex);
		}
	}

	JWTKey toMessage() {
		return JWTKey.newBuilder()
			.setPublicKey(ByteString.copyFrom(this.keys.getPublic().getEncoded()))
			.setKeyId(this.keyId)
			.setExpiresAt(this.expiresAt.getEpochSecond())
			.setTainted(this.tainted)
			.build();
	}

	@Override
	public boolean isTainted() {
		return this.tainted;
	}

	@Override
	public void taint() {
		this.tainted = true;
	}

	void addTo(ObjectNode key) {
		key.put("use", "jwt-svid").put("kid", this.keyId);
		EcJwk.addTo(key, (ECPublicKey) this.keys.getPublic());
	}

	private static String encode(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

	static final class EcJwk {

		private EcJwk() {
		}

		static void addTo(ObjectNode key, ECPublicKey publicKey) {
			key.put("kty", "EC").put("crv", "P-256");
			key.put("x", coordinate(publicKey.getW().getAffineX().toString(16)));
			key.put("y", coordinate(publicKey.getW().getAffineY().toString(16)));
		}

		private static String coordinate(String hex) {
			return encode(HexFormat.of().parseHex("0".repeat(64 - hex.length()) + hex));
		}

	}

}
