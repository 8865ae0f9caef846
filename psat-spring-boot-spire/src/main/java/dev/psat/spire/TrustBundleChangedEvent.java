package dev.psat.spire;

import org.jspecify.annotations.Nullable;

/**
 * Application event published when the X.509 authorities of the trust bundle have
 * changed, but not when there are some for the first time.
 * {@link SpireIdentity#trustBundle()} returns the current trust bundle.
 *
 * @param authorities the number of X.509 authorities
 * @param sequenceNumber the sequence number of the trust bundle, {@code null} if it has
 * none
 * @since 0.1.0
 */
public record TrustBundleChangedEvent(int authorities, @Nullable Long sequenceNumber) {

}
