package dev.psat.spire.client;

import java.time.Duration;

/**
 * How long to wait while a connection is made.
 *
 * @param connect until TCP has connected
 * @param handshake until TLS has accepted the server; longer, since a JVM that has just
 * started takes seconds for its first handshake where it has little of a processor
 * @param silence until a server that has completed a handshake says something
 */
record Timeouts(Duration connect, Duration handshake, Duration silence) {

	static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(3));

	/**
	 * Return how long it takes at most until there is a connection.
	 */
	Duration both() {
		return this.connect.plus(this.handshake);
	}

}
