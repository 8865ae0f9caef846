package dev.psat.spire.client;

import java.time.Duration;
import java.util.function.Consumer;

import dev.psat.spire.wire.internal.Message;

record Caller(GrpcChannel channel, Duration timeout) implements AutoCloseable {

	Message call(GrpcMethod method, byte[] request) {
		try {
			return this.channel.call(method, request, this.timeout);
		}
		catch (GrpcStatusException ex) {
			throw ServerFailure.of(ex.where(), ex.code(), ex.statusMessage(), ex.details());
		}
	}

	/**
	 * Return a caller with another timeout.
	 * @param timeout how long a call may take; has no effect if it is longer than that of
	 * this one
	 */
	Caller within(Duration timeout) {
		return (timeout.compareTo(this.timeout) < 0) ? new Caller(this.channel, timeout) : this;
	}

	Message call(GrpcMethod method, byte[] request, Duration patience, Consumer<Message> late) {
		if (patience.compareTo(this.timeout) >= 0) {
			return call(method, request);
		}
		try {
			return this.channel.call(method, request, this.timeout, patience, late);
		}
		catch (GrpcStatusException ex) {
			throw ServerFailure.of(ex.where(), ex.code(), ex.statusMessage(), ex.details());
		}
	}

	@Override
	public void close() {
		this.channel.close();
	}

}
