package dev.psat.spire.server;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.support.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Two processes of one pod, which are one agent to the server.
 */
@ExtendWith(OutputCaptureExtension.class)
class IdentityConflictTests {

	private static final Duration PAUSE_OF_A_CALL = Duration.ofMinutes(1);

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	@Test
	void twoProcessesServeSideBySideAndDoNotAttestInTurn(CapturedOutput output) throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity first = this.fixture.ready();
		SpireIdentity second = this.fixture.ready();
		assertThat(second.status().agentId()).isEqualTo(first.status().agentId());
		for (int round = 1; round <= 3; round++) {
			this.fixture.awaitVisits(6);
			assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2 * round);
			this.fixture.time().pass(PAUSE_OF_A_CALL);
			assertObtains(first, "round-" + round);
			assertObtains(second, "round-" + round);
			assertServes(first);
			assertServes(second);
		}
		this.fixture.awaitState(first, SpireState.CONTESTED);
		this.fixture.awaitState(second, SpireState.CONTESTED);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> first.jwtSvid("too-early"))
			.satisfies((ex) -> assertThat(ex.advice()).contains("use_pod_uid_for_agent_id"));
		assertObtains(first, "round-3");
		this.fixture.awaitVisits(6);
		// visits succeed all the while
		assertThat(first.status().lastError()).isNotNull().satisfies((error) -> {
			assertThat(error.reason()).isEqualTo("AGENT_NOT_ACTIVE");
			assertThat(error.advice()).contains("one container", "use_pod_uid_for_agent_id");
		});
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(8);
		assertThat(server.agents().attestations(this.fixture.agentId())).isEqualTo(8);
		assertThat(output.getOut().lines().filter((line) -> line.contains("Another process attests"))).hasSize(2)
			.allSatisfy((line) -> assertThat(line).contains("WARN"));
	}

	@Test
	void twoProcessesRenewTheirSvidsInTime() throws IOException {
		this.fixture.serve(this.fixture.workload());
		SpireIdentity first = this.fixture.ready();
		SpireIdentity second = this.fixture.ready();
		AtomicInteger visitsOfFirst = visits(first);
		AtomicInteger visitsOfSecond = visits(second);
		int hours = 2;
		for (int minutes = 0; minutes < hours * 60; minutes += 10) {
			this.fixture.time().pass(Duration.ofMinutes(10));
			awaitVisits(visitsOfFirst, visitsOfSecond);
			assertServes(first);
			assertServes(second);
		}
		assertThat(this.fixture.calls(SpireMethod.BATCH_NEW_X509_SVID)).isGreaterThanOrEqualTo(2 + 2 * hours);
		// one for each renewal, or two where the other comes in between
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT))
			.isLessThanOrEqualTo(2 * this.fixture.calls(SpireMethod.BATCH_NEW_X509_SVID));
		assertThat(this.fixture.states()).doesNotContain(SpireState.EXPIRED);
	}

	@Test
	void svidsOfAMinuteAreRenewedInTimeBesideAgentSvidsOfAnHourAndCallsAreAnswered(CapturedOutput output)
			throws IOException {
		this.fixture.serve(this.fixture.workload().agentTtl(Duration.ofHours(1)).x509SvidTtl(Duration.ofMinutes(1)));
		SpireIdentity first = this.fixture.ready();
		SpireIdentity second = this.fixture.ready();
		AtomicInteger visitsOfFirst = visits(first);
		AtomicInteger visitsOfSecond = visits(second);
		Instant began = this.fixture.time().time().now();
		int minutes = 2;
		for (int minute = 1; minute <= minutes; minute++) {
			for (int seconds = 0; seconds < 60; seconds += 6) {
				this.fixture.time().pass(Duration.ofSeconds(6));
				awaitVisits(visitsOfFirst, visitsOfSecond);
				assertServes(first);
				assertServes(second);
			}
			assertObtains(first, "minute-" + minute);
			assertObtains(second, "minute-" + minute);
		}
		assertThat(this.fixture.states()).doesNotContain(SpireState.EXPIRED);
		this.fixture.awaitState(first, SpireState.CONTESTED);
		this.fixture.awaitState(second, SpireState.CONTESTED);
		assertThat(this.fixture.calls(SpireMethod.BATCH_NEW_X509_SVID)).isGreaterThanOrEqualTo(2 + 2 * minutes);
		// of each process, three a minute for renewals and one for a call
		int thirds = (int) Duration.between(began, this.fixture.time().time().now()).toSeconds() / 20;
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isLessThanOrEqualTo(2 + 2 * (thirds + minutes));
		assertThat(output.getOut().lines().filter((line) -> line.contains("Another process attests"))).hasSize(2)
			.allSatisfy((line) -> assertThat(line).contains("WARN"));
	}

	@Test
	void visitGoesOnWhenACallFindsItsAgentEvicted(CapturedOutput output) throws Exception {
		this.fixture.serve(this.fixture.workload());
		SpireIdentity first = this.fixture.ready();
		HeldRenewal renewal = holdRenewal(first);
		this.fixture.ready();
		callUntilTheAgentIsDead(first, output);
		renewal.release();
		this.fixture.await().until(() -> generation(first) == 2);
		assertThat(this.fixture.outcomes()).filteredOn((outcome) -> outcome.startsWith("renewed"))
			.containsOnly("renewed success");
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(3);
		assertThat(first.status().lastError()).isNull();
		assertThat(output).doesNotContain("CANCELLED");
		assertObtains(first, "bank");
	}

	@Test
	void visitTellsOfTheBanThatACallMet(CapturedOutput output) throws Exception {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		HeldRenewal renewal = holdRenewal(identity);
		server.agents().ban(this.fixture.agentId());
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity.jwtSvid("bank"))
			.satisfies((ex) -> assertThat(ex.state()).isEqualTo(SpireState.BANNED));
		renewal.release();
		this.fixture.awaitReason(FailureReason.AGENT_BANNED);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		assertThat(output).doesNotContain("CANCELLED");
	}

	@Test
	void stopEndsAVisitWhoseAgentACallFoundEvicted(CapturedOutput output) throws Exception {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		HeldRenewal renewal = holdRenewal(identity);
		server.agents().evict(this.fixture.agentId());
		callUntilTheAgentIsDead(identity, output);
		identity.stop();
		this.fixture.await().until(() -> !renewal.thread().isAlive());
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		assertThat(this.fixture.outcomes()).filteredOn((outcome) -> outcome.startsWith("attested"))
			.containsOnly("attested success");
		assertThat(identity.status().lastError()).isNull();
		assertThat(output).doesNotContain("CANCELLED");
	}

	/**
	 * Hold back the next renewal, after the visit has decided on the agent to ask as.
	 */
	private HeldRenewal holdRenewal(SpireIdentity identity) {
		HeldRenewal renewal = new HeldRenewal();
		identity.addObserver(renewal);
		this.fixture.time().pass(Duration.ofMinutes(40));
		this.fixture.await().until(renewal.reached::isDone);
		return renewal;
	}

	/**
	 * Call on another thread, which is done with the dead agent once it ends.
	 */
	private void callUntilTheAgentIsDead(SpireIdentity identity, CapturedOutput output) throws Exception {
		FutureTask<JwtSvid> call = new FutureTask<>(() -> identity.jwtSvid("bank"));
		Thread caller = new Thread(call, "caller");
		caller.start();
		this.fixture.await().until(() -> output.getOut().contains("no longer accepts the agent"));
		caller.interrupt();
		caller.join(Patience.MILLIS);
		assertThat(call).isDone();
	}

	private static long generation(SpireIdentity identity) {
		return Objects.requireNonNull(identity.status().svid()).generation();
	}

	private static AtomicInteger visits(SpireIdentity identity) {
		AtomicInteger visits = new AtomicInteger();
		identity.addObserver(new SpireObserver() {

			@Override
			public void refreshed(String outcome) {
				visits.incrementAndGet();
			}

		});
		return visits;
	}

	/**
	 * Wait until each has made a whole visit at least.
	 */
	private void awaitVisits(AtomicInteger first, AtomicInteger second) {
		int ofFirst = first.get() + 2;
		int ofSecond = second.get() + 2;
		this.fixture.await().until(() -> first.get() >= ofFirst && second.get() >= ofSecond);
	}

	private static void assertObtains(SpireIdentity identity, String audience) {
		assertThat(identity.jwtSvid(audience).spiffeId()).hasToString(IdentityFixture.ORDERS);
	}

	private static void assertServes(SpireIdentity identity) {
		assertThat(identity.x509Svid().spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(identity.status().state()).isIn(SpireState.READY, SpireState.CONTESTED)
			.satisfies((state) -> assertThat(state.isUp()).isTrue());
	}

	private final class HeldRenewal implements SpireObserver {

		private final CompletableFuture<Void> reached = new CompletableFuture<>();

		private final CompletableFuture<Void> released = new CompletableFuture<>();

		private volatile @Nullable Thread thread;

		@Override
		public @Nullable Ending requesting(Request request) {
			if (request.type() == Request.Type.X509_SVID) {
				this.thread = Thread.currentThread();
				this.reached.complete(null);
				try {
					IdentityConflictTests.this.fixture.time().hang(this.released);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			return null;
		}

		void release() {
			this.released.complete(null);
		}

		Thread thread() {
			return Objects.requireNonNull(this.thread);
		}

	}

}
