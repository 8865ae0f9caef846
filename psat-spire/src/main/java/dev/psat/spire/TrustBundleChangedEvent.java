package dev.psat.spire;

import org.jspecify.annotations.Nullable;

/**
 * Application event published when the X.509 authorities of the trust bundle have
 * changed, but not when there are some for the first time.
 * {@link SpireIdentity#trustBundle()} returns the current trust bundle.
 *
 * @since 0.1.0
 */
public final class TrustBundleChangedEvent {

	private final Values values;

	private TrustBundleChangedEvent(Values values) {
		this.values = values;
	}

	/**
	 * Return a builder of an event.
	 * @param authorities the number of X.509 authorities
	 * @return the builder
	 */
	public static Builder builder(int authorities) {
		return new Builder(authorities);
	}

	/**
	 * {@return the number of X.509 authorities}
	 */
	public int authorities() {
		return this.values.authorities;
	}

	/**
	 * {@return the sequence number of the trust bundle, {@code null} if it has none}
	 */
	public @Nullable Long sequenceNumber() {
		return this.values.sequenceNumber;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof TrustBundleChangedEvent other && this.values.equals(other.values);
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	@Override
	public String toString() {
		return this.values.toString().replaceFirst("Values", "TrustBundleChangedEvent");
	}

	/**
	 * Builder of an event.
	 */
	public static final class Builder {

		private final int authorities;

		private @Nullable Long sequenceNumber;

		private Builder(int authorities) {
			this.authorities = authorities;
		}

		/**
		 * Set the sequence number of the trust bundle.
		 * @param sequenceNumber the sequence number of the trust bundle, {@code null} if
		 * it has none
		 * @return this builder
		 */
		public Builder sequenceNumber(@Nullable Long sequenceNumber) {
			this.sequenceNumber = sequenceNumber;
			return this;
		}

		/**
		 * Build an event.
		 * @return an event
		 */
		public TrustBundleChangedEvent build() {
			return new TrustBundleChangedEvent(new Values(this.authorities, this.sequenceNumber));
		}

	}

	private record Values(int authorities, @Nullable Long sequenceNumber) {

	}

}
