package dev.psat.spire.client;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A request in flight, and its response.
 */
final class Exchange {

	private final Connection connection;

	private final boolean first;

	private final CompletableFuture<Void> headers = new CompletableFuture<>();

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
		CompletableFuture<Void> headers = this.headers;
		this.response = sender.apply((info) -> {
			headers.complete(null);
			return new LimitedBody(GrpcFrame.MAX_LENGTH);
		});
	}

	Connection connection() {
		return this.connection;
	}

	boolean isFirst() {
		return this.first;
	}

	boolean hasHeaders() {
		return this.headers.isDone();
	}

	/**
	 * Return a future that completes when the headers of the response have arrived, or
	 * never will.
	 */
	CompletableFuture<?> headers() {
		return CompletableFuture.anyOf(this.headers, this.response);
	}

	CompletableFuture<HttpResponse<Optional<byte[]>>> response() {
		return this.response;
	}

	void cancel() {
		this.response.cancel(true);
	}

}
