package dev.psat.tlstests.tomcat.soak;

import java.util.function.LongSupplier;

import dev.psat.support.soak.Violations;

/**
 * The connection that a client keeps. Nothing ever ends it, since both applications are
 * told so: rotations, expiry and revocation concern new connections only.
 */
final class KeptConnection {

	private final String name;

	private final LongSupplier generation;

	private final Violations violations;

	private String port = "";

	private long openedIn;

	private volatile long outlived;

	/**
	 * Create a connection that is not open yet.
	 * @param name who keeps it
	 * @param generation the generation of the SVID in force
	 * @param violations is told when the connection is replaced
	 */
	KeptConnection(String name, LongSupplier generation, Violations violations) {
		this.name = name;
		this.generation = generation;
		this.violations = violations;
	}

	/**
	 * Return whether it is open.
	 * @return whether there was an answer yet
	 */
	boolean isOpen() {
		return !this.port.isEmpty();
	}

	/**
	 * Record an answer.
	 * @param port the port of the client
	 */
	void answered(String port) {
		if (!port.equals(this.port)) {
			if (isOpen()) {
				this.violations.add("The kept connection of %s was replaced".formatted(this.name));
			}
			this.port = port;
			this.openedIn = this.generation.getAsLong();
		}
		this.outlived = this.generation.getAsLong() - this.openedIn;
	}

	/**
	 * Return how many SVIDs the connection has outlived.
	 * @return the number, zero if it began with the SVID in force
	 */
	long outlived() {
		return this.outlived;
	}

}
