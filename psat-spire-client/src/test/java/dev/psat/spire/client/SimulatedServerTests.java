package dev.psat.spire.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedX509Svid;
import dev.psat.support.MutableClock;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests that the client takes what the simulated server tells its users.
 */
class SimulatedServerTests {

	private final MutableClock clock = new MutableClock();

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().build();

	@ParameterizedTest
	@ValueSource(strings = { "spiffe://example.org/ns/pay/sa/ledger", "spiffe://example.org/spire/server",
			"spiffe://example.org/spire/agent/a" })
	void trustBundleVouchesForWhatIsMinted(String spiffeId) throws Exception {
		try (SimulatedSpireServer server = SimulatedSpireServer.builder().clock(this.clock).build()) {
			SimulatedX509Svid minted = server.mintX509Svid(spiffeId);
			X509Svid svid = X509Svid.of(minted.chain(), null);
			TrustBundle
				.parse(TrustDomain.of("example.org"), server.trustBundle().toJwks().getBytes(StandardCharsets.UTF_8))
				.verify(svid, this.clock.instant());
			assertThat(svid.spiffeId()).hasToString(spiffeId).hasToString(minted.spiffeId());
			assertThat(svid.expiresAt().getEpochSecond())
				.isEqualTo(this.clock.instant().plus(Duration.ofHours(1)).getEpochSecond());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "::1", "::ffff:127.0.0.1" })
	void addressOfIpv6IsUsedAsItIsWritten(String host) {
		assumeTrue(isLocal(host));
		try (SimulatedSpireServer ipv6 = SimulatedSpireServer.builder().listenOn(host).workload(this.kubelet).build();
				TestPod pod = new TestPod(ipv6, this.kubelet)) {
			assertThat(pod.refresh().x509Authorities()).hasSize(1);
		}
	}

	private static boolean isLocal(String host) {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
