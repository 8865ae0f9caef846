package dev.psat.spire.client;

import java.math.BigInteger;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.client.TestPod.Agent;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedSpireServerBuilder;
import dev.psat.spire.test.SpireMethod;
import dev.psat.support.MutableClock;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.psat.spire.client.SpireServerContract.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a client while the server's authorities come and go.
 */
class ClientTrustTests {

	private final MutableClock clock = new MutableClock();

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder()
		.clock(this.clock)
		.lifetime(Duration.ofHours(5))
		.build();

	@AutoClose
	private final SimulatedSpireServer server = builder().build();

	@AutoClose
	private final TestPod pod = pod(this.server);

	private SimulatedSpireServerBuilder builder() {
		return SimulatedSpireServer.builder()
			.clock(this.clock)
			.limitAttestations(false)
			.entryCacheReload(Duration.ZERO)
			.agentTtl(Duration.ofHours(4))
			.workload(this.kubelet);
	}

	private TestPod pod(SimulatedSpireServer server) {
		return new TestPod(server, this.kubelet, (client) -> client.clock(this.clock));
	}

	@Test
	void taintIsInTheTrustBundleAndStillTrusted() {
		Agent agent = this.pod.attest();
		prepareAndActivate();
		this.server.authority().taint();
		TrustBundle bundle = this.pod.refresh();
		assertThat(bundle.x509Authorities()).extracting(X509Authority::tainted).containsExactly(true, false);
		assertThat(agent.svid().chainsTo(bundle, this.clock.instant())).isTrue();
		assertThat(agent.svid().chainsToUntainted(bundle, this.clock.instant())).isFalse();
		X509Svid svid = TestPod.obtainX509Svid(this.pod.connect(agent));
		assertThat(svid.chainsToUntainted(bundle, this.clock.instant())).isTrue();
	}

	@Test
	void revokedAuthorityEndsNewConnectionsAlone() {
		Agent agent = this.pod.attest();
		AgentConnection open = this.pod.connect(agent);
		open.authorizedEntries();
		prepareAndActivate();
		this.server.authority().taint();
		this.server.authority().revoke();
		TrustBundle bundle = this.pod.refresh();
		assertThat(agent.svid().chainsTo(bundle, this.clock.instant())).isFalse();
		assertThat(TestPod.obtainX509Svid(open).chainsToUntainted(bundle, this.clock.instant())).isTrue();
		AgentConnection fresh = this.pod.connect(agent);
		assertFails(fresh::authorizedEntries, FailureReason.CERTIFICATE_REFUSED);
		assertFails(fresh::trustBundle, FailureReason.CERTIFICATE_REFUSED);
		assertThat(TestPod.obtainX509Svid(this.pod.connect(this.pod.attest())).chainsTo(bundle, this.clock.instant()))
			.isTrue();
	}

	@Test
	void clientThatFollowsTheTrustBundleLivesThroughTwoRotations() {
		TrustBundle first = this.pod.refresh();
		try (TestPod stale = pod(this.server)) {
			for (int i = 0; i < 2; i++) {
				prepareAndActivate();
				this.server.authority().taint();
				this.pod.attest();
				this.server.authority().revoke();
				TrustBundle bundle = this.pod.refresh();
				assertThat(bundle.x509Authorities()).hasSize(1).doesNotContainAnyElementsOf(first.x509Authorities());
				assertThat(bundle.sequenceNumber()).isEqualTo(4 + 3 * i);
				assertThat(TestPod.obtainX509Svid(this.pod.connect(this.pod.attest()))
					.chainsToUntainted(bundle, this.clock.instant())).isTrue();
			}
			int attestations = this.server.journal().calls(SpireMethod.ATTEST_AGENT);
			assertFails(stale::attest, FailureReason.SERVER_NOT_TRUSTED);
			assertThat(this.server.journal().calls(SpireMethod.ATTEST_AGENT)).isEqualTo(attestations);
		}
	}

	@Test
	void svidOfAnAuthorityThatIsNotYetTrustedIsRefused() {
		AgentConnection connection = this.pod.connect(this.pod.attest());
		this.server.authority().prepare();
		this.server.authority().activate();
		assertFails(() -> TestPod.obtainX509Svid(connection), FailureReason.INVALID_SVID);
		assertFails(this.pod::attest, FailureReason.INVALID_SVID);
		TrustBundle bundle = this.pod.refresh();
		Agent agent = this.pod.attest();
		assertThat(TestPod.obtainX509Svid(this.pod.connect(agent)).chainsTo(bundle, this.clock.instant())).isTrue();
	}

	@Test
	void rotationBelowAnUpstreamAuthorityIsNotNoticed() {
		try (SimulatedSpireServer below = builder().upstreamAuthority().build(); TestPod client = pod(below)) {
			Agent agent = client.attest();
			X509Svid svid = TestPod.obtainX509Svid(client.connect(agent));
			assertThat(agent.svid().chain()).hasSize(2);
			assertThat(svid.chain()).hasSize(2);
			TrustBundle bundle = client.client().trustBundle();
			below.authority().rotate();
			below.authority().rotate();
			assertThat(client.client().trustBundle()).isEqualTo(bundle);
			X509Svid next = TestPod.obtainX509Svid(client.connect(agent));
			assertThat(next.chain().get(1)).isNotEqualTo(svid.chain().get(1));
			assertThat(next.chainsToUntainted(bundle, this.clock.instant())).isTrue();
			assertThat(svid.chainsToUntainted(bundle, this.clock.instant())).isTrue();
		}
	}

	@Test
	void renewedCertificateOfTheServerIsTrustedAndDisturbsNothing() {
		Agent agent = this.pod.attest();
		AgentConnection open = this.pod.connect(agent);
		open.authorizedEntries();
		BigInteger first = serverSerialNumber();
		this.server.authority().renewServerCertificate();
		assertThat(serverSerialNumber()).isNotEqualTo(first);
		int connections = this.server.journal().connections();
		open.authorizedEntries();
		assertThat(this.server.journal().connections()).isEqualTo(connections);
		this.pod.connect(agent).authorizedEntries();
		this.clock.advance(Duration.ofHours(3));
		this.pod.connect(agent).authorizedEntries();
		open.authorizedEntries();
		assertThat(this.server.journal().connections()).isEqualTo(connections + 2);
	}

	private BigInteger serverSerialNumber() {
		AtomicReference<BigInteger> serialNumber = new AtomicReference<>();
		try (GrpcChannel channel = new GrpcChannel(ServerAddress.parse(this.server.address()),
				(chain) -> serialNumber.set(chain.get(0).getSerialNumber()), null, "test/1",
				GrpcTestServer.network(Network.Resolver.SYSTEM))) {
			channel.call(GrpcMethod.GET_BUNDLE, GrpcMethod.EMPTY_REQUEST, Duration.ofSeconds(10));
		}
		return serialNumber.get();
	}

	@Test
	void emptyTrustBundleIsRefused() {
		AgentConnection connection = this.pod.connect(this.pod.attest());
		this.server.trustBundle().empty(true);
		assertFails(this.pod.client()::trustBundle, FailureReason.INVALID_TRUST_BUNDLE);
		assertFails(connection::trustBundle, FailureReason.INVALID_TRUST_BUNDLE);
		this.server.trustBundle().empty(false);
		assertThat(connection.trustBundle()).isEqualTo(this.pod.client().trustBundle());
	}

	@Test
	void sequenceNumberAndRefreshHintAreShownAsTheyAre() {
		this.server.trustBundle().sequenceNumber(7);
		assertThat(this.pod.client().trustBundle().sequenceNumber()).isEqualTo(7);
		assertThat(this.pod.client().trustBundle().refreshHint()).isNull();
		this.server.trustBundle().sequenceNumber(1);
		this.server.trustBundle().refreshHint(Duration.ofMinutes(5));
		assertThat(this.pod.client().trustBundle().sequenceNumber()).isEqualTo(1);
		assertThat(this.pod.client().trustBundle().refreshHint()).isEqualTo(Duration.ofMinutes(5));
	}

	/**
	 * Let the client know the next authority before anything is signed with it, as it
	 * does by visiting the server from time to time.
	 */
	private void prepareAndActivate() {
		this.server.authority().prepare();
		this.pod.refresh();
		this.server.authority().activate();
	}

}
