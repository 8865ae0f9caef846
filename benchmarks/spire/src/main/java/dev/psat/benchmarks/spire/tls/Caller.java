package dev.psat.benchmarks.spire.tls;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

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
 */
record Caller(ClientHttpRequestFactory client, Runnable before) {

	Caller doing(Runnable before) {
		return new Caller(this.client, before);
	}

	/**
	 * Call.
	 * @param uri what to ask for
	 * @return the answer
	 * @throws IOException if there is none
	 */
	String call(URI uri) throws IOException {
		this.before.run();
		try (ClientHttpResponse response = this.client.createRequest(uri, HttpMethod.GET).execute()) {
			String body = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
			if (response.getStatusCode() != HttpStatus.OK) {
				throw new IOException("The server answers %s: %s".formatted(response.getStatusCode(), body));
			}
			return body;
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
