package dev.psat.spire.client;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * A request in flight, and its response.
 */
final class Exchange {

	private final Connection connection;

	private final boolean first;

	private final AtomicBoolean headers = new AtomicBoolean();

	private final CompletableFuture<HttpResponse<Optional<byte[]>>> response;

	/**
	 * Send a request.
	 * @param connection where it is sent
	 * @param first whether the connection is opened for it
	 * @param sender sends the request
	 */
	Exchange(Connection connection, boolean first,
			Function<BodyHandler<Optional<byte[]>>, CompletableFuture<HttpResponse<Optional<byte[]>>>> sender) {
		this.connection = connection;
		this.first = first;
		AtomicBoolean headers = this.headers;
		this.response = send(sender, (info) -> {
			headers.set(true);
			return new LimitedBody(GrpcFrame.MAX_LENGTH);
		});
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
	 * Return whether the headers of the response have arrived.
	 */
	boolean hasHeaders() {
		return this.headers.get();
	}

	CompletableFuture<HttpResponse<Optional<byte[]>>> response() {
		return this.response;
	}

	void cancel() {
		this.response.cancel(true);
	}

}
