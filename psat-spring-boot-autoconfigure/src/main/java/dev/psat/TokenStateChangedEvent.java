package dev.psat;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.psat.token.SourceState;
import dev.psat.token.TokenState;

/**
 * Application event: the state of the default token source, or of its token, is another
 * than before.
 *
 * @param previousTokenState state of the token before, {@link TokenState#NONE} at first
 * @param tokenState state of the token now
 * @param previousSourceState state of the source before, {@code null} at first
 * @param sourceState state of the source now, {@code null} if nothing has been looked at
 * @param advice what to do about it, {@code null} if nothing is wrong
 * @param fingerprint fingerprint of the token now, {@code null} if there is none
 * @param generation number of the token now, {@code 0} if there is none or its source
 * does not count
 * @param expiresAt when the token now expires, {@code null} if there is none
 * @since 0.1.0
 */
public record TokenStateChangedEvent(TokenState previousTokenState, TokenState tokenState,
		@Nullable SourceState previousSourceState, @Nullable SourceState sourceState, @Nullable String advice,
		@Nullable String fingerprint, long generation, @Nullable Instant expiresAt) {

}
