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
 * Gives one answer to every request, or redirects them, and remembers what it was asked.
 */
final class RecordingServer implements AutoCloseable {

	private final HttpServer server;

	private final byte[] answer;

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	private volatile @Nullable String elsewhere;

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

	List<Request> requests() {
		return this.requests;
	}

	/**
	 * Redirect whatever goes to another path from now on, in a way that takes the body
	 * along.
	 */
	void redirectTo(String elsewhere) {
		this.elsewhere = elsewhere;
	}

	private void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			this.requests.add(new Request(exchange.getRequestURI().getPath(),
					exchange.getRequestHeaders().getFirst("Authorization"),
					new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			String elsewhere = this.elsewhere;
			if (elsewhere != null && !elsewhere.equals(exchange.getRequestURI().getPath())) {
				exchange.getResponseHeaders().set("Location", elsewhere);
				exchange.sendResponseHeaders(307, -1);
				return;
			}
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
