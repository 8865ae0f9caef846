package dev.psat.spire.client;

/**
 * What the channels of a client share.
 *
 * @param resolver finds the addresses of the server
 * @param threads the threads
 * @param order the order of the addresses
 * @param timeouts how long to wait while a connection is made
 * @param intervals how long they hear nothing
 */
record Network(HostResolver resolver, TransportThreads threads, AddressOrder order, Timeouts timeouts,
		Intervals intervals) {

	Network(HostResolver resolver) {
		this(resolver, Timeouts.DEFAULT);
	}

	Network(HostResolver resolver, Timeouts timeouts) {
		this(resolver, timeouts, Intervals.usual());
	}

	Network(HostResolver resolver, Timeouts timeouts, Intervals intervals) {
		this(resolver, new TransportThreads(), new AddressOrder(), timeouts, intervals);
	}

}
