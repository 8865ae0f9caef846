package dev.psat.spire.server;

import java.io.IOException;
import java.time.Duration;

import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.support.Matrix;
import dev.psat.support.Torture;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Outages that last, in real time.
 */
@Matrix
class IdentityOutageTortureTests {

	private static final Duration OUTAGE = Torture.lasting(Duration.ofSeconds(1), Duration.ofSeconds(45));

	private static final Duration INTERVAL = Torture.lasting(IdentityFixture.OFTEN, Duration.ofSeconds(5));

	@RegisterExtension
	private final IdentityFixture fixture = IdentityFixture.inRealTime();

	@Test
	void serverThatIsAwayIsFoundAgainWithinOneInterval() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready(this.fixture.builder().refreshInterval(INTERVAL));
		X509Svid svid = identity.x509Svid();
		server.stop();
		this.fixture.awaitReason(FailureReason.UNREACHABLE);
		stays(identity, svid, FailureReason.UNREACHABLE);
		server.restart();
		Awaitility.await().untilAsserted(() -> assertThat(identity.status().lastError()).isNull());
		assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	@Test
	@EnabledIfSystemProperty(named = "torture", matches = "full", disabledReason = "a call may take 20 seconds")
	void serverThatIsSilentIsToldAndFoundAgain() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready(this.fixture.builder().refreshInterval(INTERVAL));
		X509Svid svid = identity.x509Svid();
		server.faults().hang();
		Awaitility.await().untilAsserted(() -> assertThat(identity.status().lastError()).isNotNull());
		assertThat(this.fixture.lastError().reason()).isIn("TIMED_OUT", "UNREACHABLE", "HANDSHAKE_TIMED_OUT");
		assertThat(identity.x509Svid()).isSameAs(svid);
		assertThat(identity.status().state()).isEqualTo(SpireState.READY);
		server.faults().resume();
		Awaitility.await().untilAsserted(() -> assertThat(identity.status().lastError()).isNull());
		assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
	}

	private static void stays(SpireIdentity identity, X509Svid svid, FailureReason reason) {
		Awaitility.await().pollInterval(OUTAGE.dividedBy(20)).during(OUTAGE).failFast(() -> {
			assertThat(identity.x509Svid()).isSameAs(svid);
			assertThat(identity.status().state()).isEqualTo(SpireState.READY);
			assertThat(identity.status().lastError()).isNotNull()
				.extracting(SpireStatus.LastError::reason)
				.isEqualTo(reason.name());
		}).until(() -> true);
	}

}
