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

	private final AtomicBoolean headers = new AtomicBoolean();

	private final CompletableFuture<HttpResponse<Optional<byte[]>>> response;

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
		// without the connection, see there
		AtomicBoolean headers = this.headers;
		Liveness liveness = connection.liveness();
		this.response = sender.apply((info) -> {
			headers.set(true);
			liveness.heard();
			return GrpcResponse.body();
		});
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

	boolean hasHeaders() {
		return this.headers.get();
	}

	/**
	 * Return the future response, without a body if that is too long.
	 */
	CompletableFuture<HttpResponse<Optional<byte[]>>> response() {
		return this.response;
	}

	/**
	 * Leave the call in flight when this exchange is closed.
	 */
	void leave(Consumer<HttpResponse<Optional<byte[]>>> late) {
		this.left = true;
		this.response.thenAccept(late);
	}

	/**
	 * Cancel the call.
	 */
	@Override
	public void close() {
		if (!this.left) {
			this.response.cancel(true);
		}
	}

}
