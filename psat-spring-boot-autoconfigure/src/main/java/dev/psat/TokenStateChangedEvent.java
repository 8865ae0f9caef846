package dev.psat;

import java.time.Instant;

import dev.psat.token.SourceState;
import dev.psat.token.TokenState;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Application event published when the state of the default token source, or of its
 * token, has changed.
 *
 * @param previousTokenState previous state of the token, {@link TokenState#NONE} at first
 * @param tokenState current state of the token
 * @param previousSourceState previous state of the source, {@code null} at first
 * @param sourceState current state of the source, {@code null} before the first look
 * @param advice what to do about it, {@code null} if nothing is wrong
 * @param fingerprint fingerprint of the current token, {@code null} if there is none
 * @param generation number of the current token, {@code 0} if there is none or its source
 * does not count tokens
 * @param expiresAt when the current token expires, {@code null} if there is none
 * @since 0.1.0
 */
public record TokenStateChangedEvent(TokenState previousTokenState, TokenState tokenState,
		@Nullable SourceState previousSourceState, @Nullable SourceState sourceState, @Nullable String advice,
		@Nullable String fingerprint, long generation, @Nullable Instant expiresAt) {

	public TokenStateChangedEvent {
		Assert.notNull(previousTokenState, "'previousTokenState' must not be null");
		Assert.notNull(tokenState, "'tokenState' must not be null");
	}

}
