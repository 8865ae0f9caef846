package dev.psat.spire;

import java.math.BigInteger;
import java.time.Instant;

import dev.psat.spiffe.SpiffeId;

import org.springframework.util.Assert;

/**
 * Application event published when another X.509-SVID has replaced the one before. The
 * first one is not a rotation but a {@link SpireStateChangedEvent}. It contains neither a
 * key nor a certificate; {@link SpireIdentity#x509Svid()} returns the current X.509-SVID.
 *
 * @param spiffeId the SPIFFE ID of the X.509-SVID
 * @param serialNumber the serial number
 * @param expiresAt when it expires
 * @since 0.1.0
 */
public record SvidRotatedEvent(SpiffeId spiffeId, BigInteger serialNumber, Instant expiresAt) {

	public SvidRotatedEvent {
		Assert.notNull(spiffeId, "'spiffeId' must not be null");
		Assert.notNull(serialNumber, "'serialNumber' must not be null");
		Assert.notNull(expiresAt, "'expiresAt' must not be null");
	}

}
