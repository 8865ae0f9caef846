package dev.psat.spiffe;

import java.security.PublicKey;
import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * An authority that signs the JWT-SVIDs of a trust domain.
 *
 * @since 0.1.0
 */
public final class JwtAuthority {

	private final String keyId;

	private final PublicKey publicKey;

	private final @Nullable Instant expiresAt;

	private final boolean tainted;

	/**
	 * Create an authority.
	 * @param keyId the key ID
	 * @param publicKey the public key
	 * @param expiresAt when it expires, {@code null} if it never does or if that is
	 * unknown
	 * @param tainted whether the trust domain is about to revoke it
	 */
	public JwtAuthority(String keyId, PublicKey publicKey, @Nullable Instant expiresAt, boolean tainted) {
		this.keyId = Objects.requireNonNull(keyId, "'keyId' must not be null");
		this.publicKey = Objects.requireNonNull(publicKey, "'publicKey' must not be null");
		this.expiresAt = expiresAt;
		this.tainted = tainted;
	}

	/** Return the key ID, which JWT-SVIDs carry in the header {@code kid}. */
	public String keyId() {
		return this.keyId;
	}

	/** Return the public key. */
	public PublicKey publicKey() {
		return this.publicKey;
	}

	/** Return when it expires, {@code null} if it never does or if that is unknown. */
	public @Nullable Instant expiresAt() {
		return this.expiresAt;
	}

	/** Return whether the trust domain is about to revoke it. */
	public boolean tainted() {
		return this.tainted;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof JwtAuthority that && this.keyId.equals(that.keyId)
				&& this.publicKey.equals(that.publicKey) && Objects.equals(this.expiresAt, that.expiresAt)
				&& this.tainted == that.tainted;
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.keyId, this.publicKey, this.expiresAt, this.tainted);
	}

	@Override
	public String toString() {
		return "JwtAuthority[keyId=%s, expiresAt=%s, tainted=%s]".formatted(this.keyId, this.expiresAt, this.tainted);
	}

}
