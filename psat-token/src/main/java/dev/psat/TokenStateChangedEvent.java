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
public final class TokenStateChangedEvent {

	private final Values values;

	private TokenStateChangedEvent(Values values) {
		this.values = values;
	}

	/**
	 * Return a builder of an event.
	 * @param previousTokenState the previous state of the token, {@link TokenState#NONE}
	 * at first
	 * @param tokenState the current state of the token
	 * @return the builder
	 */
	public static Builder builder(TokenState previousTokenState, TokenState tokenState) {
		return new Builder(previousTokenState, tokenState);
	}

	/**
	 * {@return the previous state of the token, {@link TokenState#NONE} at first}
	 */
	public TokenState previousTokenState() {
		return this.values.previousTokenState;
	}

	/**
	 * {@return the current state of the token}
	 */
	public TokenState tokenState() {
		return this.values.tokenState;
	}

	/**
	 * {@return the previous state of the source, {@code null} at first}
	 */
	public @Nullable SourceState previousSourceState() {
		return this.values.previousSourceState;
	}

	/**
	 * {@return the current state of the source, {@code null} before the first look}
	 */
	public @Nullable SourceState sourceState() {
		return this.values.sourceState;
	}

	/**
	 * {@return what to do about it, {@code null} if nothing is wrong}
	 */
	public @Nullable String advice() {
		return this.values.advice;
	}

	/**
	 * {@return the fingerprint of the current token, {@code null} if there is none}
	 */
	public @Nullable String fingerprint() {
		return this.values.fingerprint;
	}

	/**
	 * {@return the number of the current token, {@code 0} if there is none or its source
	 * does not count tokens}
	 */
	public long generation() {
		return this.values.generation;
	}

	/**
	 * {@return when the current token expires, {@code null} if there is none}
	 */
	public @Nullable Instant expiresAt() {
		return this.values.expiresAt;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof TokenStateChangedEvent other && this.values.equals(other.values);
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	@Override
	public String toString() {
		return this.values.toString().replaceFirst("Values", "TokenStateChangedEvent");
	}

	/**
	 * Builder of an event.
	 */
	public static final class Builder {

		private final TokenState previousTokenState;

		private final TokenState tokenState;

		private @Nullable SourceState previousSourceState;

		private @Nullable SourceState sourceState;

		private @Nullable String advice;

		private @Nullable String fingerprint;

		private long generation;

		private @Nullable Instant expiresAt;

		private Builder(TokenState previousTokenState, TokenState tokenState) {
			Objects.requireNonNull(previousTokenState, "'previousTokenState' must not be null");
			Objects.requireNonNull(tokenState, "'tokenState' must not be null");
			this.previousTokenState = previousTokenState;
			this.tokenState = tokenState;
		}

		/**
		 * Set the previous state of the source.
		 * @param previousSourceState the previous state of the source, {@code null} at
		 * first
		 * @return this builder
		 */
		public Builder previousSourceState(@Nullable SourceState previousSourceState) {
			this.previousSourceState = previousSourceState;
			return this;
		}

		/**
		 * Set the current state of the source.
		 * @param sourceState the current state of the source, {@code null} before the
		 * first look
		 * @return this builder
		 */
		public Builder sourceState(@Nullable SourceState sourceState) {
			this.sourceState = sourceState;
			return this;
		}

		/**
		 * Set what to do about it.
		 * @param advice what to do about it, {@code null} if nothing is wrong
		 * @return this builder
		 */
		public Builder advice(@Nullable String advice) {
			this.advice = advice;
			return this;
		}

		/**
		 * Set the fingerprint of the current token.
		 * @param fingerprint the fingerprint of the current token, {@code null} if there
		 * is none
		 * @return this builder
		 */
		public Builder fingerprint(@Nullable String fingerprint) {
			this.fingerprint = fingerprint;
			return this;
		}

		/**
		 * Set the number of the current token.
		 * @param generation the number of the current token, {@code 0} if there is none
		 * or its source does not count tokens
		 * @return this builder
		 */
		public Builder generation(long generation) {
			this.generation = generation;
			return this;
		}

		/**
		 * Set when the current token expires.
		 * @param expiresAt when the current token expires, {@code null} if there is none
		 * @return this builder
		 */
		public Builder expiresAt(@Nullable Instant expiresAt) {
			this.expiresAt = expiresAt;
			return this;
		}

		/**
		 * Build an event.
		 * @return an event
		 */
		public TokenStateChangedEvent build() {
			return new TokenStateChangedEvent(
					new Values(this.previousTokenState, this.tokenState, this.previousSourceState, this.sourceState,
							this.advice, this.fingerprint, this.generation, this.expiresAt));
		}

	}

	private record Values(TokenState previousTokenState, TokenState tokenState,
			@Nullable SourceState previousSourceState, @Nullable SourceState sourceState, @Nullable String advice,
			@Nullable String fingerprint, long generation, @Nullable Instant expiresAt) {

	}

}
