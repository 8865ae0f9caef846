package dev.psat.spire.client;

record Network(HostResolver resolver, TransportThreads threads, AddressOrder order, Timeouts timeouts) {

	Network(HostResolver resolver) {
		this(resolver, Timeouts.DEFAULT);
	}

	Network(HostResolver resolver, Timeouts timeouts) {
		this(resolver, new TransportThreads(), new AddressOrder(), timeouts);
	}

}
