package dev.psat.spire.tls;

/**
 * Outcomes of checking the certificates that a peer presents. Only after that, TLS itself
 * proves that the peer has the key.
 *
 * @since 0.1.0
 */
public enum HandshakeOutcome {

	/** The peer may connect if it has the key of the certificate. */
	ACCEPTED,

	/**
	 * The trust bundle of its trust domain vouches for the peer, but the peer is not
	 * authorized.
	 */
	UNAUTHORIZED,

	/**
	 * The trust bundle of the peer's trust domain does not vouch for it, or that trust
	 * domain is not trusted. For a server with a classic certificate: what verifies it
	 * does not, or the certificate does not name the host.
	 */
	UNTRUSTED,

	/** The certificate is not an X.509-SVID, where only one is accepted. */
	MALFORMED

}
