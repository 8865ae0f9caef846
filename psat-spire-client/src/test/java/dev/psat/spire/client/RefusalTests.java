package dev.psat.spire.client;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.psat.support.Patience;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Refusal}.
 */
class RefusalTests {

	private static final TransportCertificates AGENT = TransportCertificates.create("agent");

	private static final TransportCertificates EXPIRED_AGENT = TransportCertificates.create("agent",
			Instant.now().minusSeconds(60));

	@AutoClose
	private final GrpcTestServer server = GrpcTestServer.start();

	@Test
	void callsThatFailAtOneAddressShareAProbe() throws Exception {
		try (RawServer one = RawServer.silent("127.0.0.1", 0);
				RawServer other = RawServer.silent("127.0.0.2", one.port());
				Refusal refusal = refusal(one.port(), AGENT)) {
			CompletableFuture<Optional<String>> first = refusal.probe(address("127.0.0.1", one.port()));
			CompletableFuture<Optional<String>> elsewhere = refusal.probe(address("127.0.0.2", one.port()));
			assertThat(refusal.probe(address("127.0.0.1", one.port()))).isSameAs(first).isNotSameAs(elsewhere);
			await().untilAsserted(() -> {
				assertThat(one.connections()).isOne();
				assertThat(other.connections()).isOne();
			});
		}
	}

	@Test
	void probeThatHasEndedIsNotShared() throws Exception {
		try (Refusal refusal = refusal(this.server.port(), AGENT)) {
			for (int i = 1; i <= 3; i++) {
				assertThat(refused(refusal)).isEmpty();
				assertThat(this.server.agents).hasValue(i);
			}
			assertThat(refusal.alert()).isNull();
		}
	}

	@Test
	void certificateThatWasRefusedIsNotProbedAgain() throws Exception {
		try (Refusal refusal = refusal(this.server.port(), EXPIRED_AGENT)) {
			assertThat(refusal.alert()).isNull();
			for (int i = 0; i < 3; i++) {
				assertThat(refused(refusal)).contains("certificate_unknown");
				assertThat(refusal.alert()).isEqualTo("certificate_unknown");
			}
			assertThat(this.server.agents).hasValue(1);
		}
	}

	@Test
	void closeEndsProbesAndBeginsNone() throws Exception {
		try (RawServer silent = RawServer.silent("127.0.0.1", 0)) {
			Refusal refusal = refusal(silent.port(), AGENT);
			CompletableFuture<Optional<String>> probe = refusal.probe(address("127.0.0.1", silent.port()));
			await().until(() -> silent.connections() == 1);
			refusal.close();
			assertThat(probe.get(Patience.SECONDS, TimeUnit.SECONDS)).isEmpty();
			assertThat(refusal.probe(address("127.0.0.1", silent.port())).get(Patience.SECONDS, TimeUnit.SECONDS))
				.isEmpty();
			assertThat(silent.connections()).isOne();
		}
	}

	private Optional<String> refused(Refusal refusal) throws Exception {
		return refusal.probe(address("127.0.0.1", this.server.port())).get(Patience.SECONDS, TimeUnit.SECONDS);
	}

	private static Refusal refusal(int port, TransportCertificates agent) {
		return new Refusal(server(port), tls(port, agent), GrpcTestServer.network(Network.Resolver.SYSTEM));
	}

	private static ServerAddress server(int port) {
		return new ServerAddress("127.0.0.1", port);
	}

	private static ChannelTls tls(int port, TransportCertificates agent) {
		return new ChannelTls(server(port), GrpcTestServer.CERTIFICATE.pin(), agent.keyManager());
	}

	private static InetSocketAddress address(String address, int port) {
		return new InetSocketAddress(address, port);
	}

}
