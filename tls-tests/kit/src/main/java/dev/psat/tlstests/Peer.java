package dev.psat.tlstests;

/**
 * Peers of an application with the bundle.
 */
public enum Peer {

	/** A workload that a list names. */
	LISTED,

	/** A workload below a path on a list. */
	BELOW_PATH,

	/** A workload that no list names. */
	STRANGER,

	/** An agent of the same trust domain. */
	AGENT,

	/** The SPIRE Server of the same trust domain. */
	SPIRE_SERVER,

	/** A listed ID, signed by an unknown authority. */
	FOREIGN,

	/** A listed ID that has expired. */
	EXPIRED,

	/** A certificate for {@code localhost}, without an ID. */
	WEB,

	/** No certificate at all. */
	NOBODY;

	public boolean isAuthorized() {
		return this == LISTED || this == BELOW_PATH;
	}

}
