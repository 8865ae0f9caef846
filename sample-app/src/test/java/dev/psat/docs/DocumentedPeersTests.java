package dev.psat.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import dev.psat.docs.spire.OrdersApplication;
import dev.psat.sample.Body;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerConfiguration;
import dev.psat.support.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the documentation prints what a running application tells of its peers, and
 * of the authorities on which they rely.
 */
@SpringBootTest(classes = OrdersApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "management.endpoints.web.exposure.include=spire,spirepeers",
				"spire.bundle.authorized-clients=spiffe://example.org/ns/shop/sa/orders,spiffe://example.org/ns/pay/*",
				"spire.bundle.authorized-servers=" })
@AutoConfigureRestTestClient
@Import(SimulatedSpireServerConfiguration.class)
class DocumentedPeersTests {

	private static final String SHOP = "spiffe://example.org/ns/shop/sa/";

	@Autowired
	private RestTestClient client;

	@Autowired
	private SpireIdentity identity;

	@Autowired
	private SpiffeSslBundle bundle;

	@Autowired
	private SimulatedSpireServer server;

	private final List<SSLSocket> connections = new CopyOnWriteArrayList<>();

	private SSLServerSocket listener;

	@BeforeEach
	void listen() throws IOException {
		await().until(() -> this.identity.status().state().isUp());
		this.listener = (SSLServerSocket) this.bundle.createSslContext()
			.getServerSocketFactory()
			.createServerSocket(0, 5, InetAddress.getLoopbackAddress());
		this.listener.setNeedClientAuth(true);
	}

	@AfterEach
	void close() throws IOException {
		this.listener.close();
		for (SSLSocket connection : this.connections) {
			connection.close();
		}
	}

	@Test
	void peersAndAuthoritiesHaveTheMembersThatTheGuidePrints() throws Exception {
		try (SimulatedSpireServer stranger = SimulatedSpireServer.builder().build()) {
			refuse(this.server.bundleOf(SHOP + "mailer").createSslContext());
			refuse(stranger.mintX509Svid(SHOP + "orders").toSslBundle(this.server).createSslContext());
		}
		try (SSLSocket open = call(this.server.bundleOf(SHOP + "orders").createSslContext())) {
			JsonNode printed = Markdown.of("docs/endpoints.md")
				.blocks("json")
				.stream()
				.map((block) -> JsonMapper.shared().readTree(block.content()))
				.filter((document) -> document.has("inbound"))
				.findFirst()
				.orElseThrow();
			JsonNode peers = document("spirepeers");
			assertThat(Json.members(peers)).isEqualTo(Json.members(printed));
			for (String member : new String[] { "/inbound/peers/1/id", "/inbound/peers/1/lastRefusal",
					"/inbound/untrusted/refused", "/inbound/untrusted/lastRefusal", "/inbound/neverSeen/0" }) {
				assertThat(peers.at(member)).isEqualTo(printed.at(member.replace("/1/", "/0/")));
			}
			assertThat(peers.at("/inbound/peers/0/openConnections").asInt()).isOne();
			assertThat(Json.members(document("spire").get("x509Authorities")))
				.isEqualTo(Json.members(JsonMapper.shared()
					.readTree(Markdown.of("docs/rotate-authorities.md").blocks("json").get(0).content())
					.get("x509Authorities")));
			assertThat(open.getSession().isValid()).isTrue();
		}
	}

	private void refuse(SSLContext context) {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> call(context).close());
	}

	/**
	 * Connect, and wait until the server has written to the client, which it does once it
	 * has let it in.
	 */
	private SSLSocket call(SSLContext context) throws IOException {
		CompletableFuture<Void> accepted = CompletableFuture.runAsync(this::accept);
		SSLSocket socket = (SSLSocket) context.getSocketFactory()
			.createSocket(this.listener.getInetAddress(), this.listener.getLocalPort());
		socket.setSoTimeout(Patience.MILLIS);
		try {
			if (socket.getInputStream().read() != 42) {
				throw new IOException("The server has closed the connection");
			}
			// or the JDK would wait for another byte before it closes the socket
			socket.setSoTimeout(0);
			return socket;
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
		finally {
			accepted.handle((nothing, ex) -> nothing).join();
		}
	}

	private void accept() {
		try {
			SSLSocket connection = (SSLSocket) this.listener.accept();
			this.connections.add(connection);
			connection.getOutputStream().write(42);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private JsonNode document(String endpoint) {
		return JsonMapper.shared().readTree(Body.get(this.client, "/actuator/" + endpoint));
	}

}
