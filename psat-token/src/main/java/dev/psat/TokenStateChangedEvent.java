package dev.psat;

import java.time.Instant;
import java.util.Objects;

import dev.psat.token.SourceState;
import dev.psat.token.TokenState;
import org.jspecify.annotations.Nullable;

/**
 * Application event published when the state of the default token source, or of its
 * token, has changed.
 *
 * @since 0.1.0
 */
public sealed interface TokenStateChangedEvent {

	/**
	 * Return a builder of an event.
	 * @param previousTokenState the previous state of the token, {@link TokenState#NONE}
	 * at first
	 * @param tokenState the current state of the token
	 * @return the builder
	 */
	static Builder builder(TokenState previousTokenState, TokenState tokenState) {
		return new Builder(previousTokenState, tokenState);
	}

	/** The previous state of the token, {@link TokenState#NONE} at first. */
	TokenState previousTokenState();

	/** The current state of the token. */
	TokenState tokenState();

	/** The previous state of the source, {@code null} at first. */
	@Nullable SourceState previousSourceState();

	/** The current state of the source, {@code null} before the first look. */
	@Nullable SourceState sourceState();

	/** What to do about it, {@code null} if nothing is wrong. */
	@Nullable String advice();

	/** The fingerprint of the current token, {@code null} if there is none. */
	@Nullable String fingerprint();

	/**
	 * Return the number of the current token, {@code 0} if there is none or its source
	 * does not count tokens.
	 */
	long generation();

	/** When the current token expires, {@code null} if there is none. */
	@Nullable Instant expiresAt();

	/** Builder of an event. Each method sets what the accessor of its name returns. */
	final class Builder {

		private final TokenState previousTokenState;

		private final TokenState tokenState;

		private @Nullable SourceState previousSourceState;

		private @Nullable SourceState sourceState;

		private @Nullable String advice;

		private @Nullable String fingerprint;

		private long generation;

		private @Nullable Instant expiresAt;

		private Builder(TokenState previousTokenState, TokenState tokenState) {
			this.previousTokenState = Objects.requireNonNull(previousTokenState,
					"'previousTokenState' must not be null");
			this.tokenState = Objects.requireNonNull(tokenState, "'tokenState' must not be null");
		}

		public Builder previousSourceState(@Nullable SourceState previousSourceState) {
			this.previousSourceState = previousSourceState;
			return this;
		}

		public Builder sourceState(@Nullable SourceState sourceState) {
			this.sourceState = sourceState;
			return this;
		}

		public Builder advice(@Nullable String advice) {
			this.advice = advice;
			return this;
		}

		public Builder fingerprint(@Nullable String fingerprint) {
			this.fingerprint = fingerprint;
			return this;
		}

		public Builder generation(long generation) {
			this.generation = generation;
			return this;
		}

		public Builder expiresAt(@Nullable Instant expiresAt) {
			this.expiresAt = expiresAt;
			return this;
		}

		public TokenStateChangedEvent build() {
			return new TokenStateChangedEventRecord(this.previousTokenState, this.tokenState, this.previousSourceState,
					this.sourceState, this.advice, this.fingerprint, this.generation, this.expiresAt);
		}

		private record TokenStateChangedEventRecord(TokenState previousTokenState, TokenState tokenState,
				@Nullable SourceState previousSourceState, @Nullable SourceState sourceState, @Nullable String advice,
				@Nullable String fingerprint, long generation,
				@Nullable Instant expiresAt) implements TokenStateChangedEvent {

		}

	}

}
