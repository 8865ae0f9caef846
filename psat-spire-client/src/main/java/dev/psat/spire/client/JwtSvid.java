package dev.psat.spire.client;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A JWT-SVID: a token that proves an identity to its audience. {@link #toString()} shows
 * no part of the token.
 *
 * @param spiffeId whose identity it proves
 * @param token the token itself. Whoever receives it can act as this identity: hand it to
 * nobody but its audience, and never log it
 * @param audience for whom the token is meant, as it says itself
 * @param issuedAt when it was issued, as it says itself, in whole seconds
 * @param expiresAt when it expires, as it says itself, in whole seconds
 * @param hint the hint of the registration entry, {@code null} if it has none
 * @since 0.1.0
 * @see <a href=
 * "https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md">JWT-SVID</a>
 */
public record JwtSvid(SpiffeId spiffeId, String token, List<String> audience, Instant issuedAt, Instant expiresAt,
		@Nullable String hint) {

	public JwtSvid {
		audience = List.copyOf(audience);
	}

	@Override
	public String toString() {
		return "JwtSvid[spiffeId=%s, audience=%s, issuedAt=%s, expiresAt=%s]".formatted(this.spiffeId, this.audience,
				this.issuedAt, this.expiresAt);
	}

}
