package dev.psat.spiffe;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A JWT-SVID, a token that proves an identity to its audience. Neither
 * {@link #toString()} nor a JSON mapper exposes any part of the token.
 *
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md">JWT-SVID</a>
 */
public final class JwtSvid {

	private final SpiffeId spiffeId;

	private final String token;

	private final List<String> audience;

	private final Instant issuedAt;

	private final Instant expiresAt;

	private final @Nullable String hint;

	/**
	 * Create a JWT-SVID.
	 * @param spiffeId the SPIFFE ID
	 * @param token the token
	 * @param audience the audience
	 * @param issuedAt when it was issued
	 * @param expiresAt when it expires
	 * @param hint the hint of the registration entry, {@code null} if it has none
	 */
	public JwtSvid(SpiffeId spiffeId, String token, List<String> audience, Instant issuedAt, Instant expiresAt,
			@Nullable String hint) {
		this.spiffeId = Objects.requireNonNull(spiffeId, "'spiffeId' must not be null");
		this.token = Objects.requireNonNull(token, "'token' must not be null");
		this.audience = List.copyOf(Objects.requireNonNull(audience, "'audience' must not be null"));
		this.issuedAt = Objects.requireNonNull(issuedAt, "'issuedAt' must not be null");
		this.expiresAt = Objects.requireNonNull(expiresAt, "'expiresAt' must not be null");
		this.hint = hint;
	}

	/** Return the SPIFFE ID that the token proves. */
	public SpiffeId spiffeId() {
		return this.spiffeId;
	}

	/**
	 * Return the token, with which anybody can act as this identity: send it only to its
	 * audience, and never log it.
	 */
	public String token() {
		return this.token;
	}

	/** Return the audience, from the claims of the token. */
	public List<String> audience() {
		return this.audience;
	}

	/** Return when the token was issued, from its claims, in whole seconds. */
	public Instant issuedAt() {
		return this.issuedAt;
	}

	/** Return when the token expires, from its claims, in whole seconds. */
	public Instant expiresAt() {
		return this.expiresAt;
	}

	/** Return the hint of the registration entry, {@code null} if it has none. */
	public @Nullable String hint() {
		return this.hint;
	}

	@Override
	public String toString() {
		return "JwtSvid[spiffeId=%s, audience=%s, issuedAt=%s, expiresAt=%s]".formatted(this.spiffeId, this.audience,
				this.issuedAt, this.expiresAt);
	}

}
