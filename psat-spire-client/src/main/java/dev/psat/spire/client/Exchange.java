package dev.psat.spire.client;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A request in flight, and its answer. Used by the thread of the caller.
 */
final class Exchange implements AutoCloseable {

	private final Connection connection;

	private final boolean first;

	private final String where;

	private final Liveness liveness;

	private final long number;

	private final AtomicBoolean headers = new AtomicBoolean();

	private final CompletableFuture<HttpResponse<Optional<byte[]>>> response;

	private final CompletableFuture<Answer> answer;

	private boolean repeating;

	private boolean left;

	/**
	 * Send a request.
	 * @param connection where it is sent
	 * @param first whether the connection is opened for it
	 * @param where the address, with those that were passed over
	 * @param sender sends the request
	 */
	Exchange(Connection connection, boolean first, String where,
			Function<BodyHandler<Optional<byte[]>>, CompletableFuture<HttpResponse<Optional<byte[]>>>> sender) {
		this.connection = connection;
		this.first = first;
		this.where = where;
		this.liveness = connection.liveness();
		this.number = this.liveness.next();
		// without the connection, see there
		AtomicBoolean headers = this.headers;
		Liveness liveness = this.liveness;
		long number = this.number;
		this.response = send(sender, (info) -> {
			headers.set(true);
			liveness.heard(number);
			return GrpcResponse.body();
		});
		this.answer = this.response.thenApply((response) -> new Answer(this, response));
	}

	private static CompletableFuture<HttpResponse<Optional<byte[]>>> send(
			Function<BodyHandler<Optional<byte[]>>, CompletableFuture<HttpResponse<Optional<byte[]>>>> sender,
			BodyHandler<Optional<byte[]>> handler) {
		try {
			return sender.apply(handler);
		}
		// a client in which an Error has struck must not be used again
		catch (RuntimeException | Error ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	Connection connection() {
		return this.connection;
	}

	boolean isFirst() {
		return this.first;
	}

	/**
	 * Return the address in the words of a message. For the first exchange of a
	 * connection, it includes the addresses that were tried before.
	 */
	String where() {
		return this.where;
	}

	/**
	 * Return whether the headers of the response have arrived.
	 */
	boolean hasHeaders() {
		return this.headers.get();
	}

	CompletableFuture<Answer> answer() {
		return this.answer;
	}

	/**
	 * Return the answer to this exchange or to a repetition, whichever comes first. It
	 * fails with the repetition.
	 */
	CompletableFuture<Answer> answerOr(Exchange again) {
		CompletableFuture<Answer> either = again.answer.copy();
		this.answer.thenAccept(either::complete);
		return either;
	}

	/**
	 * Return the answer to this exchange or to another one, whichever comes first. It
	 * fails once both have failed.
	 */
	CompletableFuture<Answer> either(Exchange other) {
		CompletableFuture<Answer> either = this.answer.exceptionallyCompose((failure) -> other.answer);
		other.answer.thenAccept(either::complete);
		return either;
	}

	/**
	 * Return whether a later call on the same connection was answered.
	 */
	boolean isOvertaken() {
		return this.liveness.isOvertaken(this.number);
	}

	/**
	 * Return whether the call may be sent once more because it was probably lost. One at
	 * a time may, until its exchange is closed.
	 */
	boolean beginRepeating() {
		this.repeating = this.liveness.beginRepeating(this.number);
		return this.repeating;
	}

	/**
	 * Leave the call in flight when this exchange is closed.
	 * @param late receives the answer
	 */
	void leave(Consumer<Answer> late) {
		this.left = true;
		this.answer.thenAccept(late);
	}

	/**
	 * Cancel the call.
	 */
	@Override
	public void close() {
		if (this.repeating) {
			this.liveness.repeated();
		}
		if (!this.left) {
			this.response.cancel(true);
		}
	}

	/**
	 * A response, and where it came from.
	 *
	 * @param exchange the exchange
	 * @param response the response, without a body if that was too long
	 */
	record Answer(Exchange exchange, HttpResponse<Optional<byte[]>> response) {

	}

}
