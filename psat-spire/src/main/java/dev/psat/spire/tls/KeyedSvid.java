package dev.psat.spire.tls;

import java.security.PrivateKey;
import java.util.Objects;

import dev.psat.spiffe.X509Svid;

/**
 * An X.509-SVID with its private key. Instances are immutable.
 *
 * @since 0.1.0
 */
public final class KeyedSvid {

	private final X509Svid svid;

	private final PrivateKey privateKey;

	private final long generation;

	/**
	 * Create an X.509-SVID with its private key.
	 * @param svid the X.509-SVID
	 * @param privateKey the private key
	 * @param generation how many there have been, including this one
	 */
	public KeyedSvid(X509Svid svid, PrivateKey privateKey, long generation) {
		this.svid = Objects.requireNonNull(svid, "'svid' must not be null");
		this.privateKey = Objects.requireNonNull(privateKey, "'privateKey' must not be null");
		this.generation = generation;
	}

	/** Return the X.509-SVID. */
	public X509Svid svid() {
		return this.svid;
	}

	/** Return the private key. */
	public PrivateKey privateKey() {
		return this.privateKey;
	}

	/** Return how many there have been, including this one. */
	public long generation() {
		return this.generation;
	}

	/** Return a description without the key. */
	@Override
	public String toString() {
		return "KeyedSvid[svid=%s, generation=%d]".formatted(this.svid, this.generation);
	}

}
