package dev.psat.spire.client;

/**
 * What the channels of a client share.
 *
 * @param resolver finds the addresses of the server
 * @param threads the threads
 * @param order the order of the addresses
 */
record Network(HostResolver resolver, TransportThreads threads, AddressOrder order) {

	Network(HostResolver resolver) {
		this(resolver, new TransportThreads(), new AddressOrder());
	}

}
