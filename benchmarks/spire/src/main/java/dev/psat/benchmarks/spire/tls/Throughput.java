package dev.psat.benchmarks.spire.tls;

/**
 * What was done, and what it took.
 *
 * @param nanos the time
 * @param calls the calls
 * @param handshakes the full handshakes among them
 * @param clientCpu processor time of the client's process in nanoseconds
 * @param serverCpu processor time of the server's process in nanoseconds
 */
record Throughput(long nanos, long calls, long handshakes, long clientCpu, long serverCpu) {

	Throughput since(Throughput before) {
		return new Throughput(this.nanos - before.nanos, this.calls - before.calls, this.handshakes - before.handshakes,
				this.clientCpu - before.clientCpu, this.serverCpu - before.serverCpu);
	}

	double callsPerSecond() {
		return this.calls * 1e9 / this.nanos;
	}

	double handshakesPerCall() {
		return (double) this.handshakes / this.calls;
	}

	double clientCpuPerCall() {
		return (double) this.clientCpu / this.calls;
	}

	double serverCpuPerCall() {
		return (double) this.serverCpu / this.calls;
	}

}
