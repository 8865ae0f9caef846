package dev.psat;

import java.time.Instant;
import java.util.Objects;

import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenClaims;
import tools.jackson.databind.json.JsonMapper;

/**
 * Payload that a SPIRE Server expects in {@code AttestationData}. It contains the token,
 * so who receives it can attest as this pod. Immutable; {@link #toString()} reveals no
 * part of the token.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spire/blob/main/pkg/common/plugin/k8s/utils.go">SPIRE:
 * PSATAttestationData</a>
 */
public final class AttestationPayload {

	private static final String TYPE = "k8s_psat";

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private final String cluster;

	private final ProjectedToken token;

	private final byte[] bytes;

	private AttestationPayload(String cluster, ProjectedToken token) {
		this.cluster = cluster;
		this.token = token;
		this.bytes = encode(cluster, token.value());
	}

	static byte[] encode(String cluster, String token) {
		return MAPPER.writeValueAsBytes(MAPPER.createObjectNode().put("cluster", cluster).put("token", token));
	}

	/**
	 * Create a payload, for use in a custom attestor.
	 * @param cluster the name of the cluster, as known to the SPIRE Server
	 * @param token the token
	 * @return the payload
	 * @throws IllegalArgumentException if the name of the cluster is not valid
	 */
	public static AttestationPayload of(String cluster, ProjectedToken token) {
		ClusterName.check(cluster);
		Objects.requireNonNull(token, "'token' must not be null");
		return new AttestationPayload(cluster, token);
	}

	/** Return {@code k8s_psat}. */
	public String type() {
		return TYPE;
	}

	/** The name of the cluster. */
	public String cluster() {
		return this.cluster;
	}

	/** The {@link ProjectedToken#fingerprint() fingerprint} of the token. */
	public String fingerprint() {
		return this.token.fingerprint();
	}

	/** When the token expires, in whole seconds. */
	public Instant expiresAt() {
		return this.token.expiresAt();
	}

	/**
	 * Return the claims of the token, which are not verified. The source may have another
	 * token by now, so compare the SPIRE Server's response with these claims.
	 * @return the claims
	 */
	public TokenClaims claims() {
		return this.token.claims();
	}

	/** A copy of the payload, byte for byte as a SPIRE Agent sends it. */
	public byte[] toBytes() {
		return this.bytes.clone();
	}

	boolean isOf(ProjectedToken token) {
		return this.token == token;
	}

	@Override
	public String toString() {
		return "AttestationPayload[type=%s, cluster=%s, fingerprint=%s, expiresAt=%s]".formatted(TYPE, this.cluster,
				fingerprint(), expiresAt());
	}

}
