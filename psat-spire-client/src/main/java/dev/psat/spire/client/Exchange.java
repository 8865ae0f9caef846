package dev.psat.spire.client;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * A request in flight, and its answer.
 */
final class Exchange {

	private final Connection connection;

	private final boolean first;

	private final String where;

	private final AtomicBoolean headers = new AtomicBoolean();

	private final CompletableFuture<HttpResponse<Optional<byte[]>>> response;

	private final CompletableFuture<Answer> answer;

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
		AtomicBoolean headers = this.headers;
		this.response = send(sender, (info) -> {
			headers.set(true);
			return new LimitedBody(GrpcFrame.MAX_LENGTH);
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

	void cancel() {
		this.response.cancel(true);
	}

}
