package dev.psat.spire.test;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.psat.spire.test.AttestationLimiter.Slot;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.test.SimulatedKubelet;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Deadline;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link AttestationLimiter} and {@link AttestationQueue}.
 */
class AttestationLimiterTests {

	private static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final AttestationLimiter limiter = new AttestationLimiter(true);

	@Test
	void slotsOfAnAddressAreOneSecondApart() {
		List<Slot> slots = new ArrayList<>();
		for (int i = 0; i < 120; i++) {
			slots.add(this.limiter.reserve(ADDRESS, null));
		}
		assertThat(slots.get(0).delay()).isZero();
		for (int i = 1; i < slots.size(); i++) {
			assertThat(slots.get(i).at() - slots.get(i - 1).at()).isEqualTo(SECOND);
		}
	}

	@Test
	void addressesDoNotWaitForEachOther() throws Exception {
		this.limiter.reserve(ADDRESS, null);
		assertThat(this.limiter.reserve(InetAddress.getByName("192.0.2.7"), null).delay()).isZero();
		assertThat(this.limiter.reserve(ADDRESS, null).delay()).isBetween(1L, SECOND);
	}

	@Test
	void whatCannotBeServedInTimeIsRefusedAtOnceAndTakesNoSlot() {
		Deadline deadline = Deadline.after(2500, TimeUnit.MILLISECONDS);
		for (int i = 0; i < 3; i++) {
			this.limiter.reserve(ADDRESS, deadline);
		}
		Status refused = TestClient.status(() -> this.limiter.reserve(ADDRESS, deadline));
		assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		assertThat(refused.getDescription()).isEqualTo(
				"rejecting request due to attest agent rate limiting: rate: Wait(n=1) would exceed context deadline");
		assertThat(this.limiter.reserve(ADDRESS, null).delay()).isBetween(2 * SECOND, 3 * SECOND);
	}

	@Test
	void slotThatWasGivenBackIsTakenByTheNextUnlessALaterOneIsTaken() {
		Slot first = this.limiter.reserve(ADDRESS, null);
		Slot second = this.limiter.reserve(ADDRESS, null);
		this.limiter.giveBack(second);
		assertThat(this.limiter.reserve(ADDRESS, null)).isEqualTo(second);
		this.limiter.giveBack(first);
		assertThat(this.limiter.reserve(ADDRESS, null).at()).isEqualTo(second.at() + SECOND);
	}

	@Test
	void nothingWaitsOnceLimitIsOff() {
		this.limiter.reserve(ADDRESS, null);
		this.limiter.enable(false);
		assertThat(this.limiter.reserve(ADDRESS, Deadline.after(1, TimeUnit.MILLISECONDS)).delay()).isZero();
	}

	@Test
	void refusedAttestationTakesASlotAndOneThatCannotWaitDoesNot() {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().build();
				SimulatedSpireServer server = SimulatedSpireServer.builder().workload(kubelet).build();
				TestClient client = TestClient.anonymous(server)) {
			client.bundle();
			long start = System.nanoTime();
			assertThat(TestClient.status(() -> client.attest(TestClient.request(TestClient.payload("x", "y"))))
				.getDescription()).isEqualTo("nodeattestor(k8s_psat): not configured for cluster \"x\"");
			assertThat(TestClient.status(() -> client.attest(TestClient.request(TestClient.payload("x", "y")),
					CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS)))
				.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
			TestClient.attest(server, kubelet.token());
			assertThat(System.nanoTime() - start).isBetween(SECOND, 2 * SECOND);
		}
	}

	@Test
	void attestationThatIsCancelledWhileItWaitsGivesItsSlotBackAndIsNotMade() {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().build();
				SimulatedSpireServer server = SimulatedSpireServer.builder().workload(kubelet).build();
				TestClient client = TestClient.anonymous(server)) {
			AttestAgentRequest request = TestClient.request(TestClient.payload("simulated", kubelet.token()));
			client.attest(request);
			CancellableContext context = Context.current().withCancellation();
			context.run(() -> client.startAttestation(request));
			await().until(() -> server.journal().calls(SpireMethod.ATTEST_AGENT) == 2);
			context.cancel(null);
			client.bundle();
			// The slot of the canceled one is in time, the one after it is not
			client.attest(request, CallOptions.DEFAULT.withDeadlineAfter(1300, TimeUnit.MILLISECONDS));
			String agentId = server.agents().ids().iterator().next();
			assertThat(server.agents().attestations(agentId)).isEqualTo(2);
		}
	}

}
