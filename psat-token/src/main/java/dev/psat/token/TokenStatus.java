package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Everything that may be shown about a source and its token at one instant.
 *
 * @since 0.1.0
 */
public sealed interface TokenStatus {

	/**
	 * Return a builder of a status.
	 * @param tokenState the state of the token in memory
	 * @return the builder
	 */
	static Builder builder(TokenState tokenState) {
		return new Builder(tokenState);
	}

	/**
	 * Return a builder that begins with these values, so that one of them can be
	 * replaced.
	 * @return the builder
	 */
	default Builder mutate() {
		return new Builder(tokenState()).sourceState(sourceState())
			.token(token())
			.watch(watch())
			.message(message())
			.advice(advice());
	}

	/** The state of the token in memory. */
	TokenState tokenState();

	/** The state of the file, {@code null} until the first look. */
	@Nullable SourceState sourceState();

	/** The token in memory, {@code null} if there is none. */
	@Nullable Token token();

	/** The file and how it is watched, {@code null} if the source reads none. */
	@Nullable Watch watch();

	/** What is wrong, {@code null} if nothing is. */
	@Nullable String message();

	/** What to do about it, {@code null} if nothing is wrong. */
	@Nullable String advice();

	/** The token in memory. */
	sealed interface Token {

		/**
		 * Return a builder of a token.
		 * @param fingerprint the {@link ProjectedToken#fingerprint() fingerprint}
		 * @param expiresAt when it {@link ProjectedToken#expiresAt() expires}
		 * @param expiresIn the time until it expires, in whole seconds, rounded down;
		 * negative once it has
		 * @return the builder
		 */
		static Builder builder(String fingerprint, Instant expiresAt, Duration expiresIn) {
			return new Builder(fingerprint, expiresAt, expiresIn);
		}

		/**
		 * Return the number of the token, {@code 1} for the first; {@code 0} if the
		 * source does not count tokens.
		 */
		long generation();

		/** The {@link ProjectedToken#fingerprint() fingerprint}. */
		String fingerprint();

		/**
		 * When it was {@link ProjectedToken#issuedAt() issued}, {@code null} if unknown.
		 */
		@Nullable Instant issuedAt();

		/** When it {@link ProjectedToken#expiresAt() expires}. */
		Instant expiresAt();

		/**
		 * Return the time until it expires, in whole seconds, rounded down; negative once
		 * it has.
		 */
		Duration expiresIn();

		/**
		 * Return when kubelet is due to replace the token, in whole seconds; {@code null}
		 * if unknown.
		 */
		@Nullable Instant rotationDueAt();

		/** The claims, which are not verified. */
		TokenClaims claims();

		/** Builder of a token. Each method sets what the accessor of its name returns. */
		final class Builder {

			private long generation;

			private final String fingerprint;

			private @Nullable Instant issuedAt;

			private final Instant expiresAt;

			private final Duration expiresIn;

			private @Nullable Instant rotationDueAt;

			private TokenClaims claims = TokenClaims.NONE;

			private Builder(String fingerprint, Instant expiresAt, Duration expiresIn) {
				this.fingerprint = Objects.requireNonNull(fingerprint, "'fingerprint' must not be null");
				this.expiresAt = Objects.requireNonNull(expiresAt, "'expiresAt' must not be null");
				this.expiresIn = Objects.requireNonNull(expiresIn, "'expiresIn' must not be null");
			}

			public Builder generation(long generation) {
				this.generation = generation;
				return this;
			}

			public Builder issuedAt(@Nullable Instant issuedAt) {
				this.issuedAt = issuedAt;
				return this;
			}

			public Builder rotationDueAt(@Nullable Instant rotationDueAt) {
				this.rotationDueAt = rotationDueAt;
				return this;
			}

			public Builder claims(TokenClaims claims) {
				this.claims = Objects.requireNonNull(claims, "'claims' must not be null");
				return this;
			}

			public Token build() {
				return new TokenRecord(this.generation, this.fingerprint, this.issuedAt, this.expiresAt, this.expiresIn,
						this.rotationDueAt, this.claims);
			}

			private record TokenRecord(long generation, String fingerprint, @Nullable Instant issuedAt,
					Instant expiresAt, Duration expiresIn, @Nullable Instant rotationDueAt,
					TokenClaims claims) implements Token {

			}

		}

	}

	/** The file and how it is watched. */
	sealed interface Watch {

		/**
		 * Return a builder of what is known of a file.
		 * @param path the path of the file
		 * @param mode how changes are noticed
		 * @return the builder
		 */
		static Builder builder(Path path, WatchMode mode) {
			return new Builder(path, mode);
		}

		/** The path of the file. */
		Path path();

		/** How changes are noticed. */
		WatchMode mode();

		/** The number of tokens published after the first one. */
		long rotations();

		/** When the latest rotation was noticed, {@code null} if there was none. */
		@Nullable Instant lastRotatedAt();

		/** When the file was last looked at, {@code null} if it was not. */
		@Nullable Instant lastCheckedAt();

		/** How often the content of the file was rejected. */
		long rejectedReads();

		/** How often polling noticed a change that events should have reported. */
		long missedEvents();

		/**
		 * Builder of what is known of a file. Each method sets what the accessor of its
		 * name returns.
		 */
		final class Builder {

			private final Path path;

			private final WatchMode mode;

			private long rotations;

			private @Nullable Instant lastRotatedAt;

			private @Nullable Instant lastCheckedAt;

			private long rejectedReads;

			private long missedEvents;

			private Builder(Path path, WatchMode mode) {
				this.path = Objects.requireNonNull(path, "'path' must not be null");
				this.mode = Objects.requireNonNull(mode, "'mode' must not be null");
			}

			public Builder rotations(long rotations) {
				this.rotations = rotations;
				return this;
			}

			public Builder lastRotatedAt(@Nullable Instant lastRotatedAt) {
				this.lastRotatedAt = lastRotatedAt;
				return this;
			}

			public Builder lastCheckedAt(@Nullable Instant lastCheckedAt) {
				this.lastCheckedAt = lastCheckedAt;
				return this;
			}

			public Builder rejectedReads(long rejectedReads) {
				this.rejectedReads = rejectedReads;
				return this;
			}

			public Builder missedEvents(long missedEvents) {
				this.missedEvents = missedEvents;
				return this;
			}

			public Watch build() {
				return new WatchRecord(this.path, this.mode, this.rotations, this.lastRotatedAt, this.lastCheckedAt,
						this.rejectedReads, this.missedEvents);
			}

			private record WatchRecord(Path path, WatchMode mode, long rotations, @Nullable Instant lastRotatedAt,
					@Nullable Instant lastCheckedAt, long rejectedReads, long missedEvents) implements Watch {

			}

		}

	}

	/** Builder of a status. Each method sets what the accessor of its name returns. */
	final class Builder {

		private final TokenState tokenState;

		private @Nullable SourceState sourceState;

		private @Nullable Token token;

		private @Nullable Watch watch;

		private @Nullable String message;

		private @Nullable String advice;

		private Builder(TokenState tokenState) {
			this.tokenState = Objects.requireNonNull(tokenState, "'tokenState' must not be null");
		}

		public Builder sourceState(@Nullable SourceState sourceState) {
			this.sourceState = sourceState;
			return this;
		}

		public Builder token(@Nullable Token token) {
			this.token = token;
			return this;
		}

		public Builder watch(@Nullable Watch watch) {
			this.watch = watch;
			return this;
		}

		public Builder message(@Nullable String message) {
			this.message = message;
			return this;
		}

		public Builder advice(@Nullable String advice) {
			this.advice = advice;
			return this;
		}

		public TokenStatus build() {
			return new TokenStatusRecord(this.tokenState, this.sourceState, this.token, this.watch, this.message,
					this.advice);
		}

		private record TokenStatusRecord(TokenState tokenState, @Nullable SourceState sourceState,
				@Nullable Token token, @Nullable Watch watch, @Nullable String message,
				@Nullable String advice) implements TokenStatus {

		}

	}

}
