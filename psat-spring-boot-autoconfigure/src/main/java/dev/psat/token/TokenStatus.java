package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Everything that may be shown about a source and its token at one instant.
 *
 * @param tokenState state of the token in memory
 * @param sourceState state of the file, {@code null} until the first look
 * @param token the token in memory, {@code null} if there is none
 * @param watch the file and how it is watched, {@code null} if the source reads none
 * @param message what is wrong, {@code null} if nothing is
 * @param advice what to do about it, {@code null} if nothing is wrong
 * @since 0.1.0
 */
public record TokenStatus(TokenState tokenState, @Nullable SourceState sourceState, @Nullable Token token,
		@Nullable Watch watch, @Nullable String message, @Nullable String advice) {

	static final TokenStatus NONE = new TokenStatus(TokenState.NONE, null, null, null, null, null);

	public TokenStatus {
		Assert.notNull(tokenState, "'tokenState' must not be null");
	}

	static TokenStatus of(TokenUnavailableException ex) {
		return new TokenStatus(ex.tokenState(), ex.sourceState(), null, null, ex.getMessage(), ex.advice());
	}

	/**
	 * Return whether a listener that knows another status should learn about this one.
	 * @param other the status that the listener knows
	 * @return whether the token or one of the two states differs
	 */
	boolean differsFrom(TokenStatus other) {
		return differsFrom(other.generation(), other.tokenState, other.sourceState);
	}

	/**
	 * Variant for a status that need not be created to be compared.
	 */
	boolean differsFrom(long generation, TokenState tokenState, @Nullable SourceState sourceState) {
		return generation() != generation || this.tokenState != tokenState || this.sourceState != sourceState;
	}

	long generation() {
		return (this.token != null) ? this.token.generation() : 0;
	}

	/**
	 * The token in memory.
	 *
	 * @param generation its number, {@code 1} for the first; {@code 0} if the source does
	 * not count tokens
	 * @param fingerprint see {@link ProjectedToken#fingerprint()}
	 * @param issuedAt see {@link ProjectedToken#issuedAt()}
	 * @param expiresAt see {@link ProjectedToken#expiresAt()}
	 * @param expiresIn time until {@code expiresAt} in whole seconds, rounded down;
	 * negative once it has passed
	 * @param rotationDueAt when kubelet is due to replace the token, in whole seconds;
	 * {@code null} if unknown
	 * @param claims the claims, which are not verified
	 */
	public record Token(long generation, String fingerprint, @Nullable Instant issuedAt, Instant expiresAt,
			Duration expiresIn, @Nullable Instant rotationDueAt, TokenClaims claims) {

		public Token {
			Assert.notNull(fingerprint, "'fingerprint' must not be null");
			Assert.notNull(expiresAt, "'expiresAt' must not be null");
			Assert.notNull(expiresIn, "'expiresIn' must not be null");
			Assert.notNull(claims, "'claims' must not be null");
		}

	}

	/**
	 * The file and how it is watched.
	 *
	 * @param path path of the file
	 * @param mode how changes are noticed
	 * @param rotations the number of tokens published after the first one
	 * @param lastRotatedAt when the latest rotation was noticed
	 * @param lastCheckedAt when the file was last looked at
	 * @param rejectedReads how often the content of the file was rejected
	 * @param missedEvents how often polling noticed a change that events should have
	 * reported
	 */
	public record Watch(Path path, WatchMode mode, long rotations, @Nullable Instant lastRotatedAt,
			@Nullable Instant lastCheckedAt, long rejectedReads, long missedEvents) {

		public Watch {
			Assert.notNull(path, "'path' must not be null");
			Assert.notNull(mode, "'mode' must not be null");
		}

	}

}
