package dev.psat.spire.client;

import java.time.Duration;

import dev.psat.spire.client.TestPod.Agent;
import dev.psat.spire.test.ReviewFault;
import dev.psat.spire.test.SimulatedCluster;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireRelease;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.psat.spire.client.SpireServerContract.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the answers to a client that attests, in the wording of each release.
 */
@ParameterizedClass
@EnumSource(SpireRelease.class)
class ClientAttestationTests {

	private final SpireRelease release;

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder()
		.serviceAccount("shop", "orders")
		.pod("orders-0", "POD-UID")
		.node("node-1", "NODE-UID")
		.build();

	@AutoClose
	private final SimulatedSpireServer server;

	@AutoClose
	private final TestPod pod;

	ClientAttestationTests(SpireRelease release) {
		this.release = release;
		this.server = SimulatedSpireServer.builder()
			.behaveAs(release)
			.limitAttestations(false)
			.workload(this.kubelet)
			.build();
		this.pod = new TestPod(this.server, this.kubelet);
	}

	@Test
	void agentIsThePodWhereTheReleaseKnowsPods() {
		assertThat(this.pod.attest().id()).isEqualTo("spiffe://example.org/spire/agent/k8s_psat/simulated/"
				+ ((this.release == SpireRelease.V1_14) ? "NODE-UID" : "pod/POD-UID"));
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			API_SERVER_UNREACHABLE, TOKEN_REVIEW_FAILED
			AUDIENCE_NOT_VALIDATED, TOKEN_REVIEW_FAILED
			NOT_AUTHENTICATED,      TOKEN_NOT_AUTHENTICATED
			USER_TOKEN,             TOKEN_NOT_OF_SERVICE_ACCOUNT
			NO_POD_NAME,            TOKEN_NOT_BOUND_TO_POD
			NO_POD_UID,             TOKEN_NOT_BOUND_TO_POD
			POD_FORBIDDEN,          POD_NOT_READABLE
			NODE_FORBIDDEN,         NODE_NOT_READABLE
			NO_NODE_UID,            NODE_NOT_READABLE
			""")
	void faultOfTheReviewIsToldAndDoesNotLast(ReviewFault fault, FailureReason reason) {
		cluster().fault(fault);
		assertFails(this.pod::attest, reason);
		assertThat(this.server.agents().ids()).isEmpty();
		cluster().fault(ReviewFault.NONE);
		String agentId = this.pod.attest().id();
		assertThat(this.server.agents().ids()).containsExactly(agentId);
	}

	@Test
	void podThatWasReplacedIsToldByMainAlone() {
		cluster().fault(ReviewFault.POD_REPLACED);
		if (this.release == SpireRelease.V1_16) {
			assertFails(this.pod::attest, FailureReason.POD_REPLACED);
		}
		else {
			assertThat(this.pod.attest().svid().chain()).hasSize(1);
		}
	}

	@Test
	void tokenThatIsExpiredOrEarlyOrForOthersIsToldAsAReviewThatFailed() {
		assertReviewFails(this.kubelet.rotateExpired());
		assertReviewFails(this.kubelet.rotateNotYetValid(Duration.ofMinutes(5)));
		assertReviewFails(this.kubelet.rotateWithAudience("vault"));
		try (SimulatedKubelet stranger = SimulatedKubelet.builder().build()) {
			assertReviewFails(stranger.token());
		}
		this.kubelet.rotate();
		assertThat(this.pod.attest().svid().chain()).hasSize(1);
	}

	private void assertReviewFails(String token) {
		assertFails(() -> this.pod.attest(token), FailureReason.TOKEN_REVIEW_FAILED);
	}

	@Test
	void serviceAccountThatIsNotAllowedIsTold() {
		cluster().disallow("shop", "orders");
		assertFails(this.pod::attest, FailureReason.SERVICE_ACCOUNT_NOT_ALLOWED);
		cluster().allow("shop", "orders");
		assertThat(this.pod.attest().svid().chain()).hasSize(1);
	}

	@Test
	void bannedAgentIsToldUntilItIsEvicted() {
		Agent agent = this.pod.attest();
		this.server.agents().ban(agent.id());
		assertFails(this.pod::attest, FailureReason.AGENT_BANNED);
		assertFails(this.pod::attest, FailureReason.AGENT_BANNED);
		this.server.agents().evict(agent.id());
		assertThat(this.pod.attest().id()).isEqualTo(agent.id());
	}

	private SimulatedCluster cluster() {
		return this.server.cluster(TestPod.CLUSTER);
	}

}
