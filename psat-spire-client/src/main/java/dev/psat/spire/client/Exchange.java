package dev.psat.spire.client;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

final class Exchange implements AutoCloseable {

	private final Connection connection;

	private final boolean first;

	private final String where;

	private final AtomicBoolean headers = new AtomicBoolean();

	private final CompletableFuture<HttpResponse<Optional<byte[]>>> response;

	private boolean left;

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

	CompletableFuture<HttpResponse<Optional<byte[]>>> response() {
		return this.response;
	}

	void leave(Consumer<HttpResponse<Optional<byte[]>>> late) {
		this.left = true;
		this.response.thenAccept(late);
	}

	@Override
	public void close() {
		if (!this.left) {
			this.response.cancel(true);
		}
	}

}
