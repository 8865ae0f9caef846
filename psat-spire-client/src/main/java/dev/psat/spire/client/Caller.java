package dev.psat.spire.client;

import java.time.Duration;
import java.util.function.Consumer;

import com.google.protobuf.MessageLite;

/**
 * Calls methods over one channel. Every failure is a {@link SpireException}.
 *
 * @param channel the channel
 * @param timeout how long a call may take
 */
record Caller(GrpcChannel channel, Duration timeout) implements AutoCloseable {

	<Q extends MessageLite, A extends MessageLite> A call(GrpcMethod<Q, A> method, Q request) {
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
	<Q extends MessageLite, A extends MessageLite> A call(GrpcMethod<Q, A> method, Q request, Duration patience,
			Consumer<A> late) {
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
