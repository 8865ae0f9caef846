package dev.psat.benchmarks.spire.tls;

/**
 * What is measured in turn with others.
 *
 * @param server what the server is made of
 * @param library what the client is made of
 * @param kept whether connections are kept
 * @param bundle what both sides have
 */
record Cell(WebServer server, HttpLibrary library, boolean kept, Bundle bundle) {

	/** Keeps connections. */
	static final String KEPT = "/kept";

	/** Closes connections and answers with the serial number of the client. */
	static final String ONCE = "/once";

	Cell with(Bundle bundle) {
		return new Cell(this.server, this.library, this.kept, bundle);
	}

	String path() {
		return this.kept ? KEPT : ONCE;
	}

	/**
	 * Return whether the handshakes are of the kind that this is meant to measure. Each
	 * caller has a call under way at the beginning and at the end of a measurement, and
	 * needs a full handshake first of all.
	 * @param throughput what was measured
	 * @return whether they are
	 */
	boolean fits(Throughput throughput) {
		boolean full = !this.kept && this.bundle != Bundle.PEM_RESUMING;
		long expected = full ? throughput.calls() : 0;
		return Math.abs(throughput.handshakes() - expected) <= ThroughputRun.CALLERS + throughput.calls() / 50;
	}

}
