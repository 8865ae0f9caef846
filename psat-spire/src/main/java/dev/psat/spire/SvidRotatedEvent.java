package dev.psat.spire;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Objects;

import dev.psat.spiffe.SpiffeId;

/**
 * Application event published when another X.509-SVID has replaced the one before. The
 * first one is not a rotation but a {@link SpireStateChangedEvent}. It contains neither a
 * key nor a certificate; {@link SpireIdentity#x509Svid()} returns the current X.509-SVID.
 *
 * @since 0.1.0
 */
public sealed interface SvidRotatedEvent {

	/**
	 * Return a builder of an event.
	 * @param spiffeId the SPIFFE ID of the X.509-SVID
	 * @param serialNumber the serial number
	 * @param expiresAt when it expires
	 * @return the builder
	 */
	static Builder builder(SpiffeId spiffeId, BigInteger serialNumber, Instant expiresAt) {
		return new Builder(spiffeId, serialNumber, expiresAt);
	}

	/** Return the SPIFFE ID of the X.509-SVID. */
	SpiffeId spiffeId();

	/** Return the serial number. */
	BigInteger serialNumber();

	/** Return when it expires. */
	Instant expiresAt();

	/** Builder of an event. */
	final class Builder {

		private final SpiffeId spiffeId;

		private final BigInteger serialNumber;

		private final Instant expiresAt;

		private Builder(SpiffeId spiffeId, BigInteger serialNumber, Instant expiresAt) {
			this.spiffeId = Objects.requireNonNull(spiffeId, "'spiffeId' must not be null");
			this.serialNumber = Objects.requireNonNull(serialNumber, "'serialNumber' must not be null");
			this.expiresAt = Objects.requireNonNull(expiresAt, "'expiresAt' must not be null");
		}

		/** Return an event of these values. */
		public SvidRotatedEvent build() {
			return new SvidRotatedEventRecord(this.spiffeId, this.serialNumber, this.expiresAt);
		}

		private record SvidRotatedEventRecord(SpiffeId spiffeId, BigInteger serialNumber,
				Instant expiresAt) implements SvidRotatedEvent {

		}

	}

}
