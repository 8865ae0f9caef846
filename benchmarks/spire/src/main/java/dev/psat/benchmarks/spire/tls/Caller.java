package dev.psat.benchmarks.spire.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Calls a server by a client of its own.
 *
 * @param client the client
 * @param before what to do before each call
 * @param uri what it asks for
 */
record Caller(ClientHttpRequestFactory client, Runnable before, URI uri) implements Callable<@Nullable Probe> {

	/** Keeps connections. */
	static final String KEPT = "/kept";

	/** Closes connections and answers with the serial number of the client. */
	static final String ONCE = "/once";

	/**
	 * Call.
	 * @return what the client has shown to the server, {@code null} where the connection
	 * is kept; the handshake begins later than the call
	 * @throws IOException if there is no answer
	 */
	@Override
	public @Nullable Probe call() throws IOException {
		this.before.run();
		long begun = System.nanoTime();
		try (ClientHttpResponse response = this.client.createRequest(this.uri, HttpMethod.GET).execute()) {
			String body = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
			if (response.getStatusCode() != HttpStatus.OK) {
				throw new IOException("The server answers %s: %s".formatted(response.getStatusCode(), body));
			}
			return this.uri.getPath().equals(KEPT) ? null : new Probe(begun, new BigInteger(body));
		}
	}

	/**
	 * Close the connections that are kept, if the client can be told to.
	 * @throws Exception if that fails
	 */
	void close() throws Exception {
		if (this.client instanceof DisposableBean closeable) {
			closeable.destroy();
		}
	}

}
