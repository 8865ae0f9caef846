package dev.psat.spire;

import java.math.BigInteger;
import java.time.Instant;

import dev.psat.spire.client.SpiffeId;

/**
 * Application event: there is another X.509-SVID in force, or the first one. Holds
 * neither a key nor a certificate; {@link SpireIdentity#x509Svid()} returns the present
 * one.
 *
 * @param spiffeId the SPIFFE ID of the X.509-SVID
 * @param serialNumber its serial number
 * @param expiresAt when it expires
 * @since 0.1.0
 */
public record SvidRotatedEvent(SpiffeId spiffeId, BigInteger serialNumber, Instant expiresAt) {

}
