package dev.psat.tlstests;

/**
 * Whom an application with the bundle meets.
 */
public enum Peer {

	/** A workload that a list names. */
	LISTED,

	/** A workload below a path on a list. */
	BELOW_PATH,

	/** A workload that no list names. */
	STRANGER,

	/** An agent of the own trust domain. */
	AGENT,

	/** The SPIRE Server of the own trust domain. */
	SPIRE_SERVER,

	/** A listed ID, signed by an authority that nobody knows. */
	FOREIGN,

	/** A listed ID that is over. */
	EXPIRED,

	/** A certificate for {@code localhost} and without an ID. */
	WEB,

	/** No certificate at all. */
	NOBODY;

	public boolean isAuthorized() {
		return this == LISTED || this == BELOW_PATH;
	}

}
