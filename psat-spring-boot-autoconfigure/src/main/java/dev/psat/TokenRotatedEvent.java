package dev.psat;

import java.time.Instant;

import org.springframework.util.Assert;

/**
 * Application event published when the default token source has replaced its token. The
 * first token is not a rotation but a {@link TokenStateChangedEvent}.
 *
 * @param previousFingerprint fingerprint of the previous token
 * @param fingerprint fingerprint of the current token
 * @param generation number of the current token
 * @param expiresAt when the current token expires
 * @since 0.1.0
 */
public record TokenRotatedEvent(String previousFingerprint, String fingerprint, long generation, Instant expiresAt) {

	public TokenRotatedEvent {
		Assert.notNull(previousFingerprint, "'previousFingerprint' must not be null");
		Assert.notNull(fingerprint, "'fingerprint' must not be null");
		Assert.notNull(expiresAt, "'expiresAt' must not be null");
	}

}
