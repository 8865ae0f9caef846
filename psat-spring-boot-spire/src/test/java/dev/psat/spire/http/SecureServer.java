package dev.psat.spire.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

/**
 * A server of the JDK that requires certificates and answers with {@code hello}.
 */
final class SecureServer implements AutoCloseable {

	private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final CountDownLatch released = new CountDownLatch(1);

	private final AtomicInteger held = new AtomicInteger();

	private final HttpsServer server;

	SecureServer(SSLContext context) {
		try {
			this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setHttpsConfigurator(new HttpsConfigurator(context) {

			@Override
			public void configure(HttpsParameters parameters) {
				SSLParameters all = getSSLContext().getDefaultSSLParameters();
				all.setNeedClientAuth(true);
				parameters.setSSLParameters(all);
			}

		});
		this.server.createContext("/", SecureServer::answer);
		this.server.createContext("/held", (exchange) -> {
			this.held.incrementAndGet();
			try {
				this.released.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			answer(exchange);
		});
		this.server.setExecutor(this.threads);
		this.server.start();
	}

	private static void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			exchange.sendResponseHeaders(200, HELLO.length);
			exchange.getResponseBody().write(HELLO);
		}
	}

	URI uri() {
		return URI.create("https://localhost:%d/".formatted(this.server.getAddress().getPort()));
	}

	URI heldUri() {
		return uri().resolve("/held");
	}

	int held() {
		return this.held.get();
	}

	void release() {
		this.released.countDown();
	}

	@Override
	public void close() {
		release();
		this.server.stop(0);
		this.threads.shutdownNow();
	}

}
