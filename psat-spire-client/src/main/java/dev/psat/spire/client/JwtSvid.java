package dev.psat.spire.client;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A JWT-SVID: a token that proves an identity to its audience. Neither
 * {@link #toString()} nor a JSON mapper shows any part of the token.
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
	 * @param spiffeId whose identity it proves
	 * @param token the token itself
	 * @param audience for whom the token is meant
	 * @param issuedAt when it was issued
	 * @param expiresAt when it expires
	 * @param hint the hint of the registration entry, {@code null} if it has none
	 */
	public JwtSvid(SpiffeId spiffeId, String token, List<String> audience, Instant issuedAt, Instant expiresAt,
			@Nullable String hint) {
		this.spiffeId = spiffeId;
		this.token = token;
		this.audience = List.copyOf(audience);
		this.issuedAt = issuedAt;
		this.expiresAt = expiresAt;
		this.hint = hint;
	}

	/**
	 * Return whose identity it proves.
	 * @return the SPIFFE ID
	 */
	public SpiffeId spiffeId() {
		return this.spiffeId;
	}

	/**
	 * Return the token itself. Whoever receives it can act as this identity: hand it to
	 * nobody but its audience, and never log it.
	 * @return the token
	 */
	public String token() {
		return this.token;
	}

	/**
	 * Return for whom the token is meant, as it says itself.
	 * @return the audience
	 */
	public List<String> audience() {
		return this.audience;
	}

	/**
	 * Return when it was issued, as it says itself.
	 * @return the instant, in whole seconds
	 */
	public Instant issuedAt() {
		return this.issuedAt;
	}

	/**
	 * Return when it expires, as it says itself.
	 * @return the instant, in whole seconds
	 */
	public Instant expiresAt() {
		return this.expiresAt;
	}

	/**
	 * Return the hint of the registration entry.
	 * @return the hint, {@code null} if it has none
	 */
	public @Nullable String hint() {
		return this.hint;
	}

	@Override
	public String toString() {
		return "JwtSvid[spiffeId=%s, audience=%s, issuedAt=%s, expiresAt=%s]".formatted(this.spiffeId, this.audience,
				this.issuedAt, this.expiresAt);
	}

}
