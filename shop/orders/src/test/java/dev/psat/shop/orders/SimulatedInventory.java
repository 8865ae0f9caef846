package dev.psat.shop.orders;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import org.springframework.boot.ssl.SslBundle;

/**
 * What answers in place of the inventory, as whomever the bundle says.
 */
final class SimulatedInventory implements AutoCloseable {

	private static final String STOCK = """
			{"article": "apples", "inStock": 7, "caller": "whoever asks", "serialNumber": "1"}""";

	private final HttpsServer server;

	SimulatedInventory(SslBundle bundle) throws IOException {
		this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setHttpsConfigurator(new MutualTls(bundle.createSslContext()));
		this.server.createContext("/stock/apples", SimulatedInventory::answer);
		this.server.start();
	}

	String url() {
		return "https://localhost:" + this.server.getAddress().getPort();
	}

	private static void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			byte[] stock = STOCK.getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, stock.length);
			exchange.getResponseBody().write(stock);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

	private static final class MutualTls extends HttpsConfigurator {

		MutualTls(SSLContext context) {
			super(context);
		}

		@Override
		public void configure(HttpsParameters parameters) {
			SSLParameters needed = getSSLContext().getDefaultSSLParameters();
			needed.setNeedClientAuth(true);
			parameters.setSSLParameters(needed);
		}

	}

}
