package dev.psat.spire.client;

/**
 * What the channels of a client share.
 *
 * @param resolver finds the addresses of the server
 * @param threads the threads
 * @param order the order of the addresses
 * @param timeouts how long to wait
 */
record Network(HostResolver resolver, TransportThreads threads, AddressOrder order, Timeouts timeouts) {

	Network(HostResolver resolver) {
		this(resolver, Timeouts.DEFAULT);
	}

	Network(HostResolver resolver, Timeouts timeouts) {
		this(resolver, new TransportThreads(), new AddressOrder(), timeouts);
	}

}
