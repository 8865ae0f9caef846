package dev.psat.spire.tls;

/**
 * Causes for which a connection ends that a handshake had accepted.
 *
 * @since 0.1.0
 */
public enum EndCause {

	/**
	 * Time is up: the X.509-SVID of the peer expired two minutes ago, by which clocks may
	 * differ, or an authority that vouched for it has.
	 */
	EXPIRED,

	/**
	 * The trust bundle of the peer's trust domain no longer vouches for it, or that trust
	 * domain is no longer trusted.
	 */
	UNTRUSTED,

	/** The list or policy that authorized the peer no longer does. */
	UNAUTHORIZED,

	/** This application has no X.509-SVID, or its own expired two minutes ago. */
	IDENTITY

}
