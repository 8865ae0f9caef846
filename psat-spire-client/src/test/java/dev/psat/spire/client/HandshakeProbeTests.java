package dev.psat.spire.client;

import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.psat.support.Patience;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link HandshakeProbe}.
 */
class HandshakeProbeTests {

	private static final TransportCertificates AGENT = TransportCertificates.create("agent");

	private static final TransportCertificates EXPIRED_AGENT = TransportCertificates.create("agent",
			Instant.now().minusSeconds(60));

	@AutoClose
	private final GrpcTestServer server = GrpcTestServer.start();

	@Test
	void namesTheAlertOfEachRefusal() {
		for (int i = 0; i < 100; i++) {
			assertThat(refusal(this.server.port(), GrpcTestServer.CERTIFICATE, EXPIRED_AGENT))
				.contains("certificate_unknown");
		}
	}

	@Test
	void certificateThatIsAcceptedIsKnownBeforeSilenceTells() {
		for (int i = 0; i < 20; i++) {
			HandshakeProbe probe = probe(this.server.port(), GrpcTestServer.CERTIFICATE, AGENT);
			assertThat(CompletableFuture.supplyAsync(probe::refusal)).succeedsWithin(Patience.LIMIT)
				.isEqualTo(Optional.empty());
		}
		assertThat(this.server.agents).hasValue(20);
	}

	@Test
	void serverThatIsNotTheOneTellsNothing() {
		assertThat(refusal(this.server.port(), EXPIRED_AGENT, EXPIRED_AGENT)).isEmpty();
	}

	@Test
	void proxyOfTheSystemIsNotUsed() throws Exception {
		try (RawServer proxy = RawServer.silent("127.0.0.1", 0)) {
			System.setProperty("socksProxyHost", "127.0.0.1");
			System.setProperty("socksProxyPort", String.valueOf(proxy.port()));
			System.setProperty("socksNonProxyHosts", "");
			assertThat(refusal(this.server.port(), GrpcTestServer.CERTIFICATE, EXPIRED_AGENT))
				.contains("certificate_unknown");
			assertThat(proxy.connections()).isZero();
		}
		finally {
			System.clearProperty("socksProxyHost");
			System.clearProperty("socksProxyPort");
			System.clearProperty("socksNonProxyHosts");
		}
	}

	@Test
	void serverThatHasGoneTellsNothing() {
		this.server.stop();
		assertThat(refusal(this.server.port(), GrpcTestServer.CERTIFICATE, AGENT)).isEmpty();
	}

	@Test
	void alertBeforeTheHandshakeEndsTellsNothing() throws Exception {
		try (RawServer old = RawServer.tls("TLSv1.2", List.of("h2"), (socket) -> {
		})) {
			assertThat(refusal(old.port(), GrpcTestServer.CERTIFICATE, AGENT)).isEmpty();
		}
	}

	@Test
	void connectionThatEndsAfterTheHandshakeTellsNothing() throws Exception {
		try (RawServer raw = RawServer.tls("TLSv1.3", List.of("h2"), (socket) -> socket.close())) {
			assertThat(refusal(raw.port(), GrpcTestServer.CERTIFICATE, AGENT)).isEmpty();
		}
	}

	@Test
	void silenceAfterTheHandshakeTellsNothing() throws Exception {
		try (RawServer raw = RawServer.tls("TLSv1.3", List.of("h2"), (socket) -> {
		})) {
			Network.Sockets brief = new Network.Sockets(Patience.LIMIT, Patience.LIMIT, Duration.ofMillis(200),
					Patience.LIMIT, Patience.LIMIT);
			HandshakeProbe probe = probe(raw.port(), GrpcTestServer.CERTIFICATE, AGENT, brief);
			assertThat(CompletableFuture.supplyAsync(probe::refusal)).succeedsWithin(Patience.LIMIT)
				.isEqualTo(Optional.empty());
		}
	}

	@Test
	void closeEndsAProbe() throws Exception {
		try (RawServer slow = RawServer.plain(HandshakeProbeTests::trickle)) {
			HandshakeProbe probe = probe(slow.port(), GrpcTestServer.CERTIFICATE, AGENT);
			CompletableFuture<Optional<String>> refusal = CompletableFuture.supplyAsync(probe::refusal);
			await().until(() -> slow.connections() == 1);
			probe.close();
			assertThat(refusal.get(Patience.SECONDS, TimeUnit.SECONDS)).isEmpty();
		}
	}

	/**
	 * Send a part of a handshake that is never silent and never whole.
	 */
	private static void trickle(Socket socket) throws Exception {
		OutputStream output = socket.getOutputStream();
		output.write(new byte[] { 22, 3, 3, 0x3f, 0 });
		while (true) {
			output.write(0);
			TimeUnit.MILLISECONDS.sleep(100);
		}
	}

	private static Optional<String> refusal(int port, TransportCertificates expected, TransportCertificates agent) {
		try (HandshakeProbe probe = probe(port, expected, agent)) {
			return probe.refusal();
		}
	}

	private static HandshakeProbe probe(int port, TransportCertificates expected, TransportCertificates agent) {
		return probe(port, expected, agent, TestTimeouts.patientSockets());
	}

	private static HandshakeProbe probe(int port, TransportCertificates expected, TransportCertificates agent,
			Network.Sockets timeouts) {
		return new HandshakeProbe(
				new ChannelTls(new ServerAddress("127.0.0.1", port), expected.pin(), agent.keyManager()),
				new InetSocketAddress("127.0.0.1", port), timeouts);
	}

}
