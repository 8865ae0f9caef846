package dev.psat;

import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Application event published when the default token source has replaced its token. The
 * first token is not a rotation but a {@link TokenStateChangedEvent}.
 *
 * @since 0.1.0
 */
public final class TokenRotatedEvent {

	private final Values values;

	private TokenRotatedEvent(Values values) {
		this.values = values;
	}

	/**
	 * Return a builder of an event.
	 * @param previousFingerprint the fingerprint of the previous token
	 * @param fingerprint the fingerprint of the current token
	 * @param expiresAt when the current token expires
	 * @return the builder
	 */
	public static Builder builder(String previousFingerprint, String fingerprint, Instant expiresAt) {
		return new Builder(previousFingerprint, fingerprint, expiresAt);
	}

	/**
	 * {@return the fingerprint of the previous token}
	 */
	public String previousFingerprint() {
		return this.values.previousFingerprint;
	}

	/**
	 * {@return the fingerprint of the current token}
	 */
	public String fingerprint() {
		return this.values.fingerprint;
	}

	/**
	 * {@return the number of the current token, {@code 0} if its source does not count
	 * tokens}
	 */
	public long generation() {
		return this.values.generation;
	}

	/**
	 * {@return when the current token expires}
	 */
	public Instant expiresAt() {
		return this.values.expiresAt;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof TokenRotatedEvent other && this.values.equals(other.values);
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	@Override
	public String toString() {
		return this.values.toString().replaceFirst("Values", "TokenRotatedEvent");
	}

	/**
	 * Builder of an event.
	 */
	public static final class Builder {

		private final String previousFingerprint;

		private final String fingerprint;

		private long generation;

		private final Instant expiresAt;

		private Builder(String previousFingerprint, String fingerprint, Instant expiresAt) {
			Objects.requireNonNull(previousFingerprint, "'previousFingerprint' must not be null");
			Objects.requireNonNull(fingerprint, "'fingerprint' must not be null");
			Objects.requireNonNull(expiresAt, "'expiresAt' must not be null");
			this.previousFingerprint = previousFingerprint;
			this.fingerprint = fingerprint;
			this.expiresAt = expiresAt;
		}

		/**
		 * Set the number of the current token.
		 * @param generation the number of the current token, {@code 0} if its source does
		 * not count tokens
		 * @return this builder
		 */
		public Builder generation(long generation) {
			this.generation = generation;
			return this;
		}

		/**
		 * Build an event.
		 * @return an event
		 */
		public TokenRotatedEvent build() {
			return new TokenRotatedEvent(
					new Values(this.previousFingerprint, this.fingerprint, this.generation, this.expiresAt));
		}

	}

	private record Values(String previousFingerprint, String fingerprint, long generation, Instant expiresAt) {

	}

}
