package dev.psat.spire.client;

import java.time.Duration;

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
	 * Return a caller on the same channel that waits no longer than the given time.
	 * @param time the time
	 * @return the caller
	 */
	Caller within(Duration time) {
		return (time.compareTo(this.timeout) < 0) ? new Caller(this.channel, time) : this;
	}

	@Override
	public void close() {
		this.channel.close();
	}

}
