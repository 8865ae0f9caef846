package dev.psat.spire;

import java.security.KeyPair;

import dev.psat.spire.client.AuthorizedEntry;
import dev.psat.spire.client.X509Svid;

/**
 * The X.509-SVID in memory, and its key, which leaves this package in no way.
 *
 * @param svid the X.509-SVID
 * @param key its pair of keys
 * @param entry the entry that it was obtained for
 * @param generation how many there have been, this one included
 * @param renewal when the next one is due
 */
record HeldSvid(X509Svid svid, KeyPair key, AuthorizedEntry entry, long generation, Renewal renewal) {

	SpireStatus.Svid shown() {
		return new SpireStatus.Svid(this.svid.spiffeId(), this.svid.serialNumber(), this.generation,
				this.svid.issuedAt(), this.svid.expiresAt(), this.renewal.at());
	}

	/**
	 * Return a text without the key.
	 */
	@Override
	public String toString() {
		return "HeldSvid[svid=%s, generation=%d]".formatted(this.svid, this.generation);
	}

}
