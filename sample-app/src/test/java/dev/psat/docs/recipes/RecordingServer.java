package dev.psat.docs.recipes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;

/**
 * Gives one answer to every request and remembers what it was asked.
 */
final class RecordingServer implements AutoCloseable {

	private final HttpServer server;

	private final byte[] answer;

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	RecordingServer(String answer) throws IOException {
		this.answer = answer.getBytes(StandardCharsets.UTF_8);
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", this::handle);
		this.server.start();
	}

	String url() {
		return "http://localhost:" + this.server.getAddress().getPort();
	}

	Request latest() {
		return this.requests.get(this.requests.size() - 1);
	}

	private void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			this.requests.add(new Request(exchange.getRequestURI().getPath(),
					exchange.getRequestHeaders().getFirst("Authorization"),
					new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, this.answer.length);
			exchange.getResponseBody().write(this.answer);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

	record Request(String path, @Nullable String authorization, String body) {

	}

}
