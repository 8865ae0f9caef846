package dev.psat.spire.internal;

import dev.psat.spiffe.SpiffeId;

/**
 * What SVIDs are issued for. Once it has changed, no earlier JWT-SVID is used any longer.
 *
 * @param spiffeId the SPIFFE ID
 * @param version distinguishes it from others with the same ID, in terms of whoever
 * issues the SVIDs
 * @param singleUse whether a JWT-SVID is meant for a single use, as one with a
 * {@code jti} is
 */
public record SvidSubject(SpiffeId spiffeId, String version, boolean singleUse) {

}
