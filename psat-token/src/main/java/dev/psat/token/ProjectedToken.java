package dev.psat.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A projected service account token: a JWT that the Kubernetes API server signed for one
 * pod. Its claims are read, but its signature is <em>not verified</em>. Immutable;
 * {@link #toString()} reveals no part of it.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken">Kubernetes:
 * serviceAccountToken projected volumes</a>
 */
public final class ProjectedToken {

	private final String value;

	private final String fingerprint;

	private final String algorithm;

	private final TokenClaims claims;

	private final TokenTimes times;

	ProjectedToken(String value, String algorithm, TokenClaims claims, TokenTimes times) {
		this.value = value;
		this.fingerprint = fingerprint(value);
		this.algorithm = algorithm;
		this.claims = claims;
		this.times = times;
	}

	/**
	 * Parse a token in the JWS compact serialization (RFC 7515, section 3.1). Surrounding
	 * white space is ignored.
	 * @param token the token
	 * @return the parsed token, whatever its audience and validity
	 * @throws TokenUnavailableException with {@link SourceState#MALFORMED} if the text is
	 * not a token
	 */
	public static ProjectedToken parse(String token) {
		Objects.requireNonNull(token, "'token' must not be null");
		try {
			return TokenParser.parse(token.getBytes(StandardCharsets.UTF_8));
		}
		catch (RejectedException ex) {
			FileProblem problem = ex.problem();
			throw new TokenUnavailableException(problem.message(), TokenState.NONE, problem.state(), problem.advice());
		}
	}

	/**
	 * Return the token itself, without surrounding white space. Who receives it can act
	 * as this pod, so pass it only to its audience and never log it.
	 * @return the token
	 */
	public String value() {
		return this.value;
	}

	/**
	 * Return what may be shown of a token: {@code sha256:} and the first 16 hexadecimal
	 * digits of its SHA-256.
	 * @return the fingerprint
	 */
	public String fingerprint() {
		return this.fingerprint;
	}

	/** The claims, which are not verified. */
	public TokenClaims claims() {
		return this.claims;
	}

	/** The {@code iat} claim in whole seconds, {@code null} if there is none. */
	public @Nullable Instant issuedAt() {
		return this.times.issuedAt();
	}

	/** The {@code exp} claim in whole seconds. */
	public Instant expiresAt() {
		return this.times.expiresAt();
	}

	String algorithm() {
		return this.algorithm;
	}

	TokenTimes times() {
		return this.times;
	}

	@Override
	public String toString() {
		return "ProjectedToken[fingerprint=%s, expiresAt=%s]".formatted(this.fingerprint, expiresAt());
	}

	private static String fingerprint(String value) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.US_ASCII));
			return "sha256:" + HexFormat.of().formatHex(digest, 0, 8);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
