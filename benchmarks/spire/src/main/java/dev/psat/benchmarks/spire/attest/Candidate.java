package dev.psat.benchmarks.spire.attest;

/**
 * A way to obtain an X.509-SVID.
 */
interface Candidate {

	/**
	 * Return what it is called in a table.
	 * @return the name
	 */
	String name();

	/**
	 * Obtain an X.509-SVID by connections, keys and certificate requests of its own.
	 * @param payload what is attested with
	 * @param laps is told when a step has ended
	 * @return what came of it, to be closed
	 * @throws Exception if nothing did
	 */
	Session attest(byte[] payload, Laps laps) throws Exception;

}
