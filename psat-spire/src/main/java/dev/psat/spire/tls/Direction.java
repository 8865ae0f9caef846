package dev.psat.spire.tls;

/**
 * Directions of a connection.
 *
 * @since 0.1.0
 */
public enum Direction {

	/** A peer that calls this application. */
	INBOUND,

	/** A peer that this application calls. */
	OUTBOUND

}
