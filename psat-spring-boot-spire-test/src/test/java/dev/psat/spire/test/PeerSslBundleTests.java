package dev.psat.spire.test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Objects;

import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ssl.SslBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PeerSslBundle}.
 */
class PeerSslBundleTests {

	private static final String MAILER = "spiffe://example.org/ns/shop/sa/mailer";

	private static final String ORDERS = "spiffe://example.org/ns/shop/sa/orders";

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder().build();

	@Test
	void peersSeeEachOthersSpiffeIds() throws Exception {
		assertThat(call(this.server.bundleOf(ORDERS), this.server.bundleOf(MAILER)))
			.isEqualTo(MAILER + " calls " + ORDERS);
	}

	@Test
	void peerOfAnotherServerIsRefused() {
		try (SimulatedSpireServer other = SimulatedSpireServer.builder().build()) {
			assertThatExceptionOfType(SSLHandshakeException.class)
				.isThrownBy(() -> call(this.server.bundleOf(ORDERS), other.bundleOf(MAILER)));
		}
	}

	@Test
	void peersOfFederatedTrustDomainsSeeEachOthersSpiffeIds() throws Exception {
		try (SimulatedSpireServer partner = SimulatedSpireServer.builder().trustDomain("partner.org").build()) {
			SslBundle ledger = partner.mintX509Svid("spiffe://partner.org/ns/pay/sa/ledger").toSslBundle(this.server);
			SslBundle orders = this.server.mintX509Svid(ORDERS).toSslBundle(this.server, partner);
			assertThat(call(orders, ledger)).isEqualTo("spiffe://partner.org/ns/pay/sa/ledger calls " + ORDERS);
			assertThat(call(orders, this.server.bundleOf(MAILER))).isEqualTo(MAILER + " calls " + ORDERS);
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> call(this.server.bundleOf(ORDERS), ledger));
		}
	}

	@Test
	void chainMayHaveAnIntermediate() throws Exception {
		try (SimulatedSpireServer upstream = SimulatedSpireServer.builder().upstreamAuthority().build()) {
			assertThat(call(upstream.bundleOf(ORDERS), upstream.bundleOf(MAILER))).startsWith(MAILER);
		}
	}

	@Test
	void authoritiesAreThoseOfTheMoment() throws Exception {
		SslBundle orders = this.server.bundleOf(ORDERS);
		SslBundle mailer = this.server.bundleOf(MAILER);
		this.server.authority().prepare();
		this.server.authority().activate();
		SslBundle renewed = this.server.bundleOf(MAILER);
		assertThat(call(orders, renewed)).startsWith(MAILER);
		assertThat(call(renewed, mailer)).startsWith(MAILER);
		this.server.authority().taint();
		this.server.authority().revoke();
		assertThat(call(renewed, this.server.bundleOf(ORDERS))).startsWith(ORDERS);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> call(renewed, mailer));
	}

	@Test
	void storesHoldTheSame() throws Exception {
		SslBundle bundle = this.server.bundleOf(MAILER);
		KeyStore keys = Objects.requireNonNull(bundle.getStores().getKeyStore());
		assertThat(keys.getKey(bundle.getKey().getAlias(), new char[0])).isNotNull();
		assertThat(spiffeId((X509Certificate) keys.getCertificate(bundle.getKey().getAlias()))).isEqualTo(MAILER);
		assertThat(Objects.requireNonNull(bundle.getStores().getTrustStore()).size()).isEqualTo(1);
	}

	@Test
	void idOfAnotherTrustDomainIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.server.bundleOf("spiffe://partner.org/orders"));
	}

	private static String call(SslBundle called, SslBundle caller) throws Exception {
		HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.setHttpsConfigurator(new HttpsConfigurator(called.createSslContext()) {

			@Override
			public void configure(HttpsParameters parameters) {
				SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
				ssl.setNeedClientAuth(true);
				parameters.setSSLParameters(ssl);
			}

		});
		server.createContext("/", PeerSslBundleTests::answer);
		server.start();
		try {
			HttpRequest request = HttpRequest
				.newBuilder(URI.create("https://localhost:%d/".formatted(server.getAddress().getPort())))
				.timeout(Duration.ofSeconds(10))
				.build();
			var response = HttpClient.newBuilder()
				.sslContext(caller.createSslContext())
				.build()
				.send(request, BodyHandlers.ofString());
			X509Certificate peer = (X509Certificate) response.sslSession().orElseThrow().getPeerCertificates()[0];
			return response.body() + " calls " + spiffeId(peer);
		}
		finally {
			server.stop(0);
		}
	}

	private static void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			X509Certificate peer = (X509Certificate) ((HttpsExchange) exchange).getSSLSession()
				.getPeerCertificates()[0];
			byte[] body = spiffeId(peer).getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
		}
	}

	private static String spiffeId(X509Certificate certificate) {
		try {
			return certificate.getSubjectAlternativeNames().iterator().next().get(1).toString();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
