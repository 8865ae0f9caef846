package dev.psat;

import java.time.Instant;

/**
 * Application event: the default token source has another token than before. The first
 * token is no rotation but a {@link TokenStateChangedEvent}.
 *
 * @param previousFingerprint fingerprint of the token before
 * @param fingerprint fingerprint of the token now
 * @param generation number of the token now
 * @param expiresAt when the token now expires
 * @since 0.1.0
 */
public record TokenRotatedEvent(String previousFingerprint, String fingerprint, long generation, Instant expiresAt) {

}
