package dev.psat.spire.tls;

import java.security.PrivateKey;

import dev.psat.spire.client.X509Svid;

/**
 * An X.509-SVID with its private key.
 *
 * @param svid the X.509-SVID
 * @param privateKey its private key
 * @param generation how many there have been, this one included
 * @since 0.1.0
 */
public record KeyedSvid(X509Svid svid, PrivateKey privateKey, long generation) {

	/**
	 * Return a text without the key.
	 */
	@Override
	public String toString() {
		return "KeyedSvid[svid=%s, generation=%d]".formatted(this.svid, this.generation);
	}

}
