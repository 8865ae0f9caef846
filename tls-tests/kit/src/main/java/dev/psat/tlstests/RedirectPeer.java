package dev.psat.tlstests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.psat.support.AnyCertificate;
import org.jspecify.annotations.Nullable;

/**
 * A server that redirects to wherever a URI tells it to, answers everything else with
 * {@code hello}, and records what it receives.
 */
final class RedirectPeer implements AutoCloseable {

	private final List<Received> received = new CopyOnWriteArrayList<>();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final HttpServer server;

	/**
	 * Start a server.
	 * @param credential the credential that it presents, {@code null} for plain HTTP
	 */
	RedirectPeer(@Nullable Credential credential) {
		try {
			InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
			this.server = (credential != null) ? https(address, credential) : HttpServer.create(address, 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext("/", this::answer);
		this.server.setExecutor(this.executor);
		this.server.start();
	}

	private static HttpServer https(InetSocketAddress address, Credential credential) throws IOException {
		HttpsServer server = HttpsServer.create(address, 0);
		server.setHttpsConfigurator(new HttpsConfigurator(credential.sslContext(new AnyCertificate())) {

			@Override
			public void configure(HttpsParameters parameters) {
				parameters.setNeedClientAuth(true);
			}

		});
		return server;
	}

	private void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			this.received.add(new Received(exchange.getRequestMethod(),
					exchange.getRequestHeaders().getFirst("Authorization"), body));
			String location = exchange.getRequestURI().getRawQuery();
			if (location == null) {
				byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
				exchange.sendResponseHeaders(200, hello.length);
				exchange.getResponseBody().write(hello);
				return;
			}
			exchange.getResponseHeaders().set("Location", URLDecoder.decode(location, StandardCharsets.UTF_8));
			exchange.sendResponseHeaders(Integer.parseInt(exchange.getRequestURI().getPath().substring(1)), -1);
		}
	}

	int port() {
		return this.server.getAddress().getPort();
	}

	/**
	 * Return the URI of an ordinary answer.
	 * @param host the name or address of this machine
	 * @return the URI
	 */
	URI uri(String host) {
		String scheme = (this.server instanceof HttpsServer) ? "https" : "http";
		return URI.create("%s://%s:%d/hello".formatted(scheme, host, port()));
	}

	/**
	 * Return the URI of a redirect.
	 * @param status the status of the answer
	 * @param location where it leads
	 * @return the URI with the host {@code localhost}
	 */
	URI redirect(int status, Object location) {
		return uri("localhost")
			.resolve("/%d?%s".formatted(status, URLEncoder.encode(location.toString(), StandardCharsets.UTF_8)));
	}

	/**
	 * Return what has been received.
	 * @return the requests, oldest first
	 */
	List<Received> received() {
		return List.copyOf(this.received);
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.executor.shutdownNow();
	}

	/**
	 * A request.
	 */
	record Received(String method, @Nullable String authorization, String body) {
	}

}
