package dev.psat.spiffe;

import java.security.PublicKey;
import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * An authority that signs the JWT-SVIDs of a trust domain.
 *
 * @param keyId the key ID, which JWT-SVIDs carry in the header {@code kid}
 * @param publicKey the public key
 * @param expiresAt when it expires, {@code null} if it never does or if that is unknown
 * @param tainted whether the trust domain is about to revoke it; see
 * {@link X509Authority#tainted()}
 * @since 0.1.0
 */
public record JwtAuthority(String keyId, PublicKey publicKey, @Nullable Instant expiresAt, boolean tainted) {

	public JwtAuthority {
		Objects.requireNonNull(keyId, "'keyId' must not be null");
		Objects.requireNonNull(publicKey, "'publicKey' must not be null");
	}

}
