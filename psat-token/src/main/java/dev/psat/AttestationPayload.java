package dev.psat;

import java.time.Instant;
import java.util.Objects;

import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenClaims;

/**
 * Payload that a SPIRE Server expects in {@code AttestationData}. It contains the token,
 * so who receives it can attest as this pod. Immutable; {@link #toString()} reveals no
 * part of the token.
 *
 * @since 0.1.0
 */
public final class AttestationPayload {

	private static final String TYPE = "k8s_psat";

	private final String cluster;

	private final String fingerprint;

	private final Instant expiresAt;

	private final TokenClaims claims;

	private final byte[] bytes;

	private AttestationPayload(String cluster, ProjectedToken token) {
		this.cluster = cluster;
		this.fingerprint = token.fingerprint();
		this.expiresAt = token.expiresAt();
		this.claims = token.claims();
		this.bytes = PayloadEncoder.encode(cluster, token.value());
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

	/**
	 * {@return {@code k8s_psat}}
	 */
	public String type() {
		return TYPE;
	}

	/**
	 * {@return the name of the cluster}
	 */
	public String cluster() {
		return this.cluster;
	}

	/**
	 * {@return the {@link ProjectedToken#fingerprint() fingerprint} of the token}
	 */
	public String fingerprint() {
		return this.fingerprint;
	}

	/**
	 * {@return when the token expires, in whole seconds}
	 */
	public Instant expiresAt() {
		return this.expiresAt;
	}

	/**
	 * Return the claims of the token, which are not verified. The source may have another
	 * token by now, so compare the SPIRE Server's response with these claims.
	 * @return the claims
	 */
	public TokenClaims claims() {
		return this.claims;
	}

	/**
	 * {@return a copy of the payload, byte for byte as a SPIRE Agent sends it}
	 */
	public byte[] toBytes() {
		return this.bytes.clone();
	}

	@Override
	public String toString() {
		return "AttestationPayload[type=%s, cluster=%s, fingerprint=%s, expiresAt=%s]".formatted(TYPE, this.cluster,
				this.fingerprint, this.expiresAt);
	}

}
