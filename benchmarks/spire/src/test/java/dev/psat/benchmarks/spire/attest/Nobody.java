package dev.psat.benchmarks.spire.attest;

/**
 * A candidate that has been measured already.
 */
record Nobody() implements Candidate {

	@Override
	public String name() {
		return "nobody";
	}

	@Override
	public Session attest(byte[] payload, Laps laps) {
		throw new UnsupportedOperationException();
	}

}
