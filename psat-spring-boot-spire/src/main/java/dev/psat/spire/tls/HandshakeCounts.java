package dev.psat.spire.tls;

/**
 * Counts of the peers that were accepted and refused since the application was started.
 *
 * @since 0.1.0
 */
public interface HandshakeCounts {

	/**
	 * Return how many handshakes had an outcome.
	 * @param direction the direction
	 * @param outcome the outcome
	 * @return the number, which never decreases
	 */
	long count(Direction direction, HandshakeOutcome outcome);

}
