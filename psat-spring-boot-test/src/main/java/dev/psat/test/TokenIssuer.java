package dev.psat.test;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Issues pod-bound service account tokens as a Kubernetes API server of version 1.32 or
 * later does: the same header and claims, whole seconds, a new {@code jti} each time. Not
 * thread-safe.
 */
final class TokenIssuer {

	private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

	private static final Duration LONG_EXPIRED = Duration.ofHours(1);

	private final JsonMapper json = new JsonMapper();

	private final SigningKey key;

	private final Workload workload;

	private final List<String> audiences;

	private final Duration lifetime;

	private final Clock clock;

	private final Duration clockSkew;

	private final String header;

	TokenIssuer(SigningKey key, Workload workload, List<String> audiences, Duration lifetime, Clock clock,
			Duration clockSkew) {
		this.key = key;
		this.workload = workload;
		this.audiences = audiences;
		this.lifetime = lifetime;
		this.clock = clock;
		this.clockSkew = clockSkew;
		this.header = encode(this.json.createObjectNode().put("alg", key.algorithm().name()).put("kid", key.id()));
	}

	String issue() {
		return issue(this.clockSkew, this.audiences);
	}

	String issueFor(List<String> audiences) {
		return issue(this.clockSkew, audiences);
	}

	String issueWithSkew(Duration clockSkew) {
		return issue(clockSkew, this.audiences);
	}

	String issueExpired() {
		return issue(this.lifetime.plus(LONG_EXPIRED).negated(), this.audiences);
	}

	private String issue(Duration clockSkew, List<String> audiences) {
		Instant issuedAt = this.clock.instant().plus(clockSkew);
		String signed = this.header + '.' + encode(claims(issuedAt.getEpochSecond(), audiences));
		byte[] signature = this.key.sign(signed.getBytes(StandardCharsets.US_ASCII));
		return signed + '.' + SigningKey.base64Url(signature);
	}

	private ObjectNode claims(long issuedAt, List<String> audiences) {
		ObjectNode claims = this.json.createObjectNode();
		audiences.forEach(claims.putArray("aud")::add);
		claims.put("exp", issuedAt + this.lifetime.toSeconds());
		claims.put("iat", issuedAt);
		claims.put("iss", ISSUER);
		claims.put("jti", UUID.randomUUID().toString());
		this.workload.addTo(claims.putObject("kubernetes.io"));
		claims.put("nbf", issuedAt);
		claims.put("sub", this.workload.subject());
		return claims;
	}

	String jwks() {
		return this.key.toJwks(this.json);
	}

	private String encode(ObjectNode object) {
		return SigningKey.base64Url(this.json.writeValueAsBytes(object));
	}

}
