package dev.psat;

import java.time.Instant;
import java.util.Objects;

/**
 * Application event published when the default token source has replaced its token. The
 * first token is not a rotation but a {@link TokenStateChangedEvent}.
 *
 * @since 0.1.0
 */
public sealed interface TokenRotatedEvent {

	/**
	 * Return a builder of an event.
	 * @param previousFingerprint the fingerprint of the previous token
	 * @param fingerprint the fingerprint of the current token
	 * @param expiresAt when the current token expires
	 * @return the builder
	 */
	static Builder builder(String previousFingerprint, String fingerprint, Instant expiresAt) {
		return new Builder(previousFingerprint, fingerprint, expiresAt);
	}

	/** The fingerprint of the previous token. */
	String previousFingerprint();

	/** The fingerprint of the current token. */
	String fingerprint();

	/** The number of the current token, {@code 0} if its source does not count tokens. */
	long generation();

	/** When the current token expires. */
	Instant expiresAt();

	/** Builder of an event. Each method sets what the accessor of its name returns. */
	final class Builder {

		private final String previousFingerprint;

		private final String fingerprint;

		private long generation;

		private final Instant expiresAt;

		private Builder(String previousFingerprint, String fingerprint, Instant expiresAt) {
			this.previousFingerprint = Objects.requireNonNull(previousFingerprint,
					"'previousFingerprint' must not be null");
			this.fingerprint = Objects.requireNonNull(fingerprint, "'fingerprint' must not be null");
			this.expiresAt = Objects.requireNonNull(expiresAt, "'expiresAt' must not be null");
		}

		public Builder generation(long generation) {
			this.generation = generation;
			return this;
		}

		public TokenRotatedEvent build() {
			return new TokenRotatedEventRecord(this.previousFingerprint, this.fingerprint, this.generation,
					this.expiresAt);
		}

		private record TokenRotatedEventRecord(String previousFingerprint, String fingerprint, long generation,
				Instant expiresAt) implements TokenRotatedEvent {

		}

	}

}
