package dev.psat.benchmarks.spire.attest;

/**
 * A step on the way to an X.509-SVID.
 */
enum Step {

	/** The client is made, connects, and asks for the trust bundle. */
	BUNDLE,

	/** It asks again, on the connection that is open. */
	BUNDLE_AGAIN,

	/** Two pairs of keys. */
	KEYS,

	/** The client attests, on a connection of its own or one that is open. */
	ATTESTATION,

	/** The client connects by mutual TLS, and asks for the entries. */
	ENTRIES,

	/** It asks again, on the connection that is open. */
	ENTRIES_AGAIN,

	/** The client asks for the X.509-SVID. */
	SVID;

	/**
	 * Return whether the step serves to tell the cost of a call from that of a
	 * connection, and is no part of the way.
	 * @return whether it does
	 */
	boolean isRepetition() {
		return this == BUNDLE_AGAIN || this == ENTRIES_AGAIN;
	}

}
