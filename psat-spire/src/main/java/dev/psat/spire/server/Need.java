package dev.psat.spire.server;

/**
 * What an agent is needed for.
 */
enum Need {

	/** To check for changes, which can wait. */
	NONE,

	/** To obtain an X.509-SVID. */
	RENEWAL,

	/** For a waiting caller. */
	CALL

}
