package dev.psat.spire.tls;

import java.security.PrivateKey;
import java.util.Objects;

import dev.psat.spire.client.X509Svid;

/**
 * An X.509-SVID with its private key.
 *
 * @param svid the X.509-SVID
 * @param privateKey the private key
 * @param generation how many there have been, including this one
 * @since 0.1.0
 */
public record KeyedSvid(X509Svid svid, PrivateKey privateKey, long generation) {

	public KeyedSvid {
		Objects.requireNonNull(svid, "'svid' must not be null");
		Objects.requireNonNull(privateKey, "'privateKey' must not be null");
	}

	/**
	 * Return a description without the key.
	 */
	@Override
	public String toString() {
		return "KeyedSvid[svid=%s, generation=%d]".formatted(this.svid, this.generation);
	}

}
