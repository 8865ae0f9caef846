package dev.psat.spire.client;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Calls methods over one channel. Every failure is a {@link SpireException}.
 *
 * @param channel the channel
 * @param timeout how long a call may take
 */
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
	 * Call a method, and do not wait longer than the given time.
	 */
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
