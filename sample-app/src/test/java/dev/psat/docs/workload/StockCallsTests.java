package dev.psat.docs.workload;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.workload.client.WorkloadEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the documentation's example in plain Java calls whom it should.
 */
class StockCallsTests {

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	@AutoClose
	private final SimulatedWorkloadApi api = SimulatedWorkloadApi.builder().entry(ORDERS).build();

	private final HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
			0);

	StockCallsTests() throws IOException {
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
	}

	@Test
	void inventorySeesBothSvids() throws Exception {
		URI uri = serve("spiffe://example.org/ns/shop/sa/inventory");
		try (StockCalls calls = StockCalls.start(WorkloadEndpoint.parse(this.api.address()))) {
			assertThat(calls.stock(uri)).startsWith(ORDERS + " Bearer ey");
		}
	}

	@Test
	void anyOtherServerIsRefused() {
		URI uri = serve("spiffe://example.org/ns/shop/sa/mailer");
		try (StockCalls calls = StockCalls.start(WorkloadEndpoint.parse(this.api.address()))) {
			assertThatExceptionOfType(SSLHandshakeException.class).isThrownBy(() -> calls.stock(uri));
		}
	}

	private URI serve(String spiffeId) {
		this.server
			.setHttpsConfigurator(new ClientsWithCertificate(this.api.server().bundleOf(spiffeId).createSslContext()));
		this.server.createContext("/", StockCallsTests::answer);
		this.server.start();
		return URI.create("https://localhost:" + this.server.getAddress().getPort());
	}

	private static void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			String peer = ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0].toString()
				.replaceAll("(?s).*URIName: (\\S+).*", "$1");
			byte[] answer = (peer + " " + exchange.getRequestHeaders().getFirst("Authorization"))
				.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(200, answer.length);
			exchange.getResponseBody().write(answer);
		}
	}

	private static final class ClientsWithCertificate extends HttpsConfigurator {

		ClientsWithCertificate(SSLContext context) {
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
