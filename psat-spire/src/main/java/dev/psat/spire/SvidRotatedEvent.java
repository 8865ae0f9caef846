package dev.psat.spire;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Objects;

import dev.psat.spiffe.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * Application event published when another X.509-SVID has replaced the one before. The
 * first one is not a rotation but a {@link SpireStateChangedEvent}. It contains neither a
 * key nor a certificate; {@link SpireIdentity#x509Svid()} returns the current X.509-SVID.
 *
 * @since 0.1.0
 */
public final class SvidRotatedEvent {

	private final Values values;

	private SvidRotatedEvent(Values values) {
		this.values = values;
	}

	/**
	 * Return a builder of an event.
	 * @param spiffeId the SPIFFE ID of the X.509-SVID
	 * @param serialNumber the serial number
	 * @param expiresAt when it expires
	 * @return the builder
	 */
	public static Builder builder(SpiffeId spiffeId, BigInteger serialNumber, Instant expiresAt) {
		return new Builder(spiffeId, serialNumber, expiresAt);
	}

	/**
	 * {@return the SPIFFE ID of the X.509-SVID}
	 */
	public SpiffeId spiffeId() {
		return this.values.spiffeId;
	}

	/**
	 * {@return the serial number}
	 */
	public BigInteger serialNumber() {
		return this.values.serialNumber;
	}

	/**
	 * {@return when it expires}
	 */
	public Instant expiresAt() {
		return this.values.expiresAt;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof SvidRotatedEvent other && this.values.equals(other.values);
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	@Override
	public String toString() {
		return this.values.toString().replaceFirst("Values", "SvidRotatedEvent");
	}

	/**
	 * Builder of an event.
	 */
	public static final class Builder {

		private final SpiffeId spiffeId;

		private final BigInteger serialNumber;

		private final Instant expiresAt;

		private Builder(SpiffeId spiffeId, BigInteger serialNumber, Instant expiresAt) {
			Objects.requireNonNull(spiffeId, "'spiffeId' must not be null");
			Objects.requireNonNull(serialNumber, "'serialNumber' must not be null");
			Objects.requireNonNull(expiresAt, "'expiresAt' must not be null");
			this.spiffeId = spiffeId;
			this.serialNumber = serialNumber;
			this.expiresAt = expiresAt;
		}

		/**
		 * Build an event.
		 * @return an event
		 */
		public SvidRotatedEvent build() {
			return new SvidRotatedEvent(new Values(this.spiffeId, this.serialNumber, this.expiresAt));
		}

	}

	private record Values(SpiffeId spiffeId, BigInteger serialNumber, Instant expiresAt) {

	}

}
