package dev.psat.spire.tls;

/**
 * What came of the certificates that a peer has shown. Whether it has their key is proved
 * only afterwards, by TLS itself.
 *
 * @since 0.1.0
 */
public enum HandshakeOutcome {

	/** Whoever has the key of the certificate may connect. */
	ACCEPTED,

	/** The trust bundle vouches for the peer, which is not on the list. */
	UNAUTHORIZED,

	/** The trust bundle does not vouch for the peer. */
	UNTRUSTED,

	/** The certificate is no X.509-SVID. */
	MALFORMED

}
