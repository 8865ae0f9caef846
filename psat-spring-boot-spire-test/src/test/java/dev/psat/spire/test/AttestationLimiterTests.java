package dev.psat.spire.test;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.psat.spire.test.AttestationLimiter.Slot;
import dev.psat.spire.test.proto.AttestAgentRequest;
import dev.psat.test.SimulatedKubelet;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Deadline;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link AttestationLimiter} and {@link AttestationQueue}.
 */
class AttestationLimiterTests {

	private static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private static final Deadline.Ticker STOPPED = new Deadline.Ticker() {

		@Override
		public long nanoTime() {
			return 0;
		}

	};

	private final AttestationLimiter limiter = new AttestationLimiter(true, STOPPED::nanoTime);

	@Test
	void slotsOfAnAddressAreOneSecondApart() {
		List<Slot> slots = new ArrayList<>();
		for (int i = 0; i < 120; i++) {
			slots.add(this.limiter.reserve(ADDRESS, null));
		}
		assertThat(this.limiter.delay(slots.get(0))).isZero();
		for (int i = 1; i < slots.size(); i++) {
			assertThat(slots.get(i).at() - slots.get(i - 1).at()).isEqualTo(SECOND);
		}
	}

	@Test
	void addressesDoNotWaitForEachOther() throws Exception {
		this.limiter.reserve(ADDRESS, null);
		assertThat(delay(InetAddress.getByName("192.0.2.7"), null)).isZero();
		assertThat(delay(ADDRESS, null)).isEqualTo(SECOND);
	}

	@Test
	void whatCannotBeServedInTimeIsRefusedAtOnceAndTakesNoSlot() {
		Deadline deadline = Deadline.after(2500, TimeUnit.MILLISECONDS, STOPPED);
		for (int i = 0; i < 3; i++) {
			this.limiter.reserve(ADDRESS, deadline);
		}
		Status refused = TestClient.status(() -> this.limiter.reserve(ADDRESS, deadline));
		assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		assertThat(refused.getDescription()).isEqualTo(
				"rejecting request due to attest agent rate limiting: rate: Wait(n=1) would exceed context deadline");
		assertThat(delay(ADDRESS, null)).isEqualTo(3 * SECOND);
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
		assertThat(delay(ADDRESS, Deadline.after(1, TimeUnit.MILLISECONDS, STOPPED))).isZero();
	}

	private long delay(InetAddress address, @Nullable Deadline deadline) {
		return this.limiter.delay(this.limiter.reserve(address, deadline));
	}

	@Test
	void refusedAttestationTakesASlotAndOneThatCannotWaitDoesNot() {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().build();
				SimulatedSpireServer server = SimulatedSpireServer.builder().workload(kubelet).build();
				TestClient client = TestClient.anonymous(server)) {
			long start = System.nanoTime();
			assertThat(TestClient.status(() -> client.attest(TestClient.request(TestClient.payload("x", "y"))))
				.getDescription()).isEqualTo("nodeattestor(k8s_psat): not configured for cluster \"x\"");
			TestClient.attest(server, kubelet.token());
			assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SECOND);
			Slot last = reserveAnHour(server);
			assertThat(
					TestClient.status(() -> client.attest(TestClient.request(TestClient.payload("x", "y")))).getCode())
				.isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
			assertThat(server.limiter().reserve(ADDRESS, null).at()).isEqualTo(last.at() + SECOND);
		}
	}

	@Test
	void attestationThatIsCancelledWhileItWaitsGivesItsSlotBackAndIsNotMade() {
		try (SimulatedKubelet kubelet = SimulatedKubelet.builder().build();
				SimulatedSpireServer server = SimulatedSpireServer.builder().workload(kubelet).build();
				TestClient client = TestClient.anonymous(server)) {
			AttestAgentRequest request = TestClient.request(TestClient.payload("simulated", kubelet.token()));
			Slot last = reserveAnHour(server);
			CancellableContext context = Context.current().withCancellation();
			context.run(() -> client.startAttestation(request));
			await().until(() -> next(server) == last.at() + 2 * SECOND);
			context.cancel(null);
			await().until(() -> next(server) == last.at() + SECOND);
			server.limitAttestations(false);
			client.attest(request);
			String agentId = server.agents().ids().iterator().next();
			assertThat(server.agents().attestations(agentId)).isOne();
		}
	}

	/**
	 * Let whoever attests wait for so long that a test cannot be late.
	 */
	private static Slot reserveAnHour(SimulatedSpireServer server) {
		for (int i = 0; i < 3600; i++) {
			server.limiter().reserve(ADDRESS, null);
		}
		return server.limiter().reserve(ADDRESS, null);
	}

	private static long next(SimulatedSpireServer server) {
		Slot next = server.limiter().reserve(ADDRESS, null);
		server.limiter().giveBack(next);
		return next.at();
	}

}
