package dev.psat.benchmarks.rest;

/**
 * The cost of two applications that were idle in the same minutes.
 *
 * @param with the cost with the starter
 * @param without the cost without it
 */
record Rest(Measurement with, Measurement without) {

	long heap() {
		return this.with.heap() - this.without.heap();
	}

	long descriptors() {
		return this.with.descriptors() - this.without.descriptors();
	}

	long watchCpu() {
		return this.with.watchCpu() + this.with.jdkCpu();
	}

}
