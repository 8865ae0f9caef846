package dev.psat.spire.tls;

/**
 * Counts of the connections whose handshake has accepted a peer by its certificate.
 *
 * @since 0.1.0
 */
public interface ConnectionCounts {

	/**
	 * Return how many connections are open.
	 * @param direction the direction
	 * @return the number; one that was dropped without being closed may count until its
	 * memory is reclaimed
	 */
	int open(Direction direction);

	/**
	 * Return how many connections were ended since the application was started.
	 * @param direction the direction
	 * @param cause the cause
	 * @return the number, which never decreases
	 */
	long ended(Direction direction, EndCause cause);

}
