package dev.psat.spire;

import org.jspecify.annotations.Nullable;

/**
 * Application event published when the X.509 authorities of the trust bundle have
 * changed, but not when there are some for the first time.
 * {@link SpireIdentity#trustBundle()} returns the current trust bundle.
 *
 * @since 0.1.0
 */
public sealed interface TrustBundleChangedEvent {

	/**
	 * Return a builder of an event.
	 * @param authorities the number of X.509 authorities
	 * @return the builder
	 */
	static Builder builder(int authorities) {
		return new Builder(authorities);
	}

	/** Return the number of X.509 authorities. */
	int authorities();

	/** Return the sequence number of the trust bundle, {@code null} if it has none. */
	@Nullable Long sequenceNumber();

	/** Builder of an event. */
	final class Builder {

		private final int authorities;

		private @Nullable Long sequenceNumber;

		private Builder(int authorities) {
			this.authorities = authorities;
		}

		/**
		 * Return this builder after setting the sequence number of the trust bundle,
		 * {@code null} if it has none.
		 */
		public Builder sequenceNumber(@Nullable Long sequenceNumber) {
			this.sequenceNumber = sequenceNumber;
			return this;
		}

		/** Return an event of these values. */
		public TrustBundleChangedEvent build() {
			return new TrustBundleChangedEventRecord(this.authorities, this.sequenceNumber);
		}

		private record TrustBundleChangedEventRecord(int authorities,
				@Nullable Long sequenceNumber) implements TrustBundleChangedEvent {

		}

	}

}
