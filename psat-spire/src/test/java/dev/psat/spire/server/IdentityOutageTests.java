package dev.psat.spire.server;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import dev.psat.test.SimulatedKubelet;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A server that is away, silent, or ends connections.
 */
@ExtendWith(OutputCaptureExtension.class)
class IdentityOutageTests {

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	@Test
	void serverMayComeLate() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		server.stop();
		this.fixture.start();
		this.fixture.awaitReason(FailureReason.UNREACHABLE);
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.ATTESTING);
		server.restart();
		this.fixture.awaitState(SpireState.READY);
	}

	@Test
	void serverMayBeAwayUntilTheRenewalAndLonger(CapturedOutput output) throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		X509Svid svid = identity.x509Svid();
		server.stop();
		this.fixture.awaitReason(FailureReason.UNREACHABLE);
		this.fixture.awaitRefusals(2);
		assertThat(identity.status().state()).isEqualTo(SpireState.READY);
		this.fixture.time().pass(Duration.ofMinutes(30));
		this.fixture.awaitState(SpireState.RENEWAL_FAILING);
		assertThat(identity.x509Svid()).isSameAs(svid);
		server.restart();
		this.fixture.awaitState(SpireState.READY);
		assertThat(this.fixture.generation()).isEqualTo(2);
		this.fixture.await().until(() -> identity.status().lastError() == null);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		this.fixture.await()
			.untilAsserted(() -> assertThat(output.getOut().lines().filter((line) -> line.contains("UNREACHABLE")))
				.satisfiesExactly((line) -> assertThat(line).contains("WARN"),
						(line) -> assertThat(line).contains("INFO", "succeed again (last failure: UNREACHABLE)")));
	}

	@Test
	void svidThatExpiredWhileTheServerWasAwayIsReplaced() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		server.stop();
		this.fixture.time().pass(Duration.ofMinutes(61));
		this.fixture.awaitState(SpireState.EXPIRED);
		this.fixture.awaitReason(FailureReason.UNREACHABLE);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(identity::x509Svid)
			.satisfies((ex) -> assertThat(ex.state()).isEqualTo(SpireState.EXPIRED))
			.satisfies((ex) -> assertThat(ex.advice()).contains("'spire.server.address'"));
		this.fixture.await().untilAsserted(() -> assertThat(this.fixture.states()).contains(SpireState.EXPIRED));
		server.agents().prune();
		server.restart();
		this.fixture.awaitState(SpireState.READY);
		assertThat(this.fixture.generation()).isEqualTo(2);
		assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
	}

	@Test
	void silentServerHoldsUpNeitherReadersNorTheEnd() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		X509Svid svid = identity.x509Svid();
		server.faults().hang();
		CompletableFuture<Void> visit = CompletableFuture.runAsync(this.fixture.time()::flow);
		Awaitility.await().until(() -> isAsking(visitingThread()));
		assertThat(identity.x509Svid()).isSameAs(svid);
		assertThat(identity.status()).satisfies((status) -> {
			assertThat(status.state()).isEqualTo(SpireState.READY);
			assertThat(status.lastError()).isNull();
		});
		identity.stop();
		assertThat(visit).succeedsWithin(Patience.LIMIT);
		assertThat(visitingThread()).isNull();
		assertThat(identity.status().lastError()).isNull();
		server.faults().resume();
		identity.start();
		assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
	}

	@Test
	void refusedJwtSvidIsNotAskedForAtEachCall() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready(this.fixture.builder().refreshInterval(Duration.ofHours(1)));
		server.faults().failAll(SpireMethod.NEW_JWT_SVID, Status.INTERNAL);
		for (int call = 0; call < 1000; call++) {
			assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity.jwtSvid("bank"))
				.withMessageStartingWith("The SPIRE Server issued no JWT-SVID");
		}
		assertThat(this.fixture.calls(SpireMethod.NEW_JWT_SVID)).isLessThan(10);
		server.faults().failAll(SpireMethod.NEW_JWT_SVID, null);
		this.fixture.time().pass(Duration.ofSeconds(30));
		assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
	}

	@Test
	void serverThatAnswersVisitsAgainIsAskedForJwtSvidsAtOnce() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		server.stop();
		for (int call = 0; call < 6; call++) {
			assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity.jwtSvid("bank"));
			this.fixture.time().pass(Duration.ofSeconds(30));
		}
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity.jwtSvid("bank"));
		this.fixture.awaitReason(FailureReason.UNREACHABLE);
		server.restart();
		this.fixture.await().until(() -> identity.status().lastError() == null);
		assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
	}

	@Test
	void endOfAConnectionBetweenVisitsIsNoError() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		for (int i = 0; i < 3; i++) {
			int connections = server.journal().connections();
			this.fixture.goAway();
			this.fixture.await().until(() -> server.journal().connections() > connections);
			this.fixture.awaitVisits(1);
			assertThat(identity.status().lastError()).isNull();
		}
		assertThat(this.fixture.outcomes()).filteredOn((outcome) -> !outcome.endsWith(" success")).isEmpty();
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		assertThat(this.fixture.generation()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource(names = "RENEW_AGENT", mode = EnumSource.Mode.EXCLUDE)
	void answerThatIsLostOnTheWayToTheFirstSvidIsAskedForAgain(SpireMethod method) throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		server.faults().loseNextAnswer(method);
		assertThat(this.fixture.start().jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
		this.fixture.awaitVisits(1);
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.READY);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT))
			.isEqualTo((method == SpireMethod.ATTEST_AGENT) ? 2 : 1);
	}

	@Test
	void answersThatAreLostAreNoConflict() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload().x509SvidTtl(Duration.ofHours(12)));
		SpireIdentity identity = this.fixture.ready();
		for (int lost = 1; lost <= 3; lost++) {
			int attestations = this.fixture.calls(SpireMethod.ATTEST_AGENT);
			server.faults().loseNextAnswer(SpireMethod.ATTEST_AGENT);
			this.fixture.time().pass(Duration.ofMinutes(50));
			this.fixture.await().until(() -> this.fixture.calls(SpireMethod.ATTEST_AGENT) == attestations + 2);
			this.fixture.awaitVisits(1);
		}
		assertThat(identity.status().lastError()).isNull();
		assertThat(identity.status().state()).isEqualTo(SpireState.READY);
		assertThat(identity.jwtSvid("billing").spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(this.fixture.states()).doesNotContain(SpireState.CONTESTED);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(7);
	}

	@Test
	void attestationThatQueuesIsWaitedFor() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SimulatedKubelet other = this.fixture.anotherPod();
		server.register(other, "demo");
		server.limitAttestations(true);
		SpireIdentity first = this.fixture.start();
		SpireIdentity second = this.fixture
			.start(this.fixture.builder(IdentityFixture.attestor(this.fixture.source(other))));
		this.fixture.awaitState(first, SpireState.READY);
		this.fixture.awaitState(second, SpireState.READY);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
		assertThat(this.fixture.outcomes()).filteredOn((outcome) -> !outcome.endsWith(" success")).isEmpty();
	}

	private static @Nullable Thread visitingThread() {
		return RunningThreads.named("psat-spire").stream().findFirst().orElse(null);
	}

	private static boolean isAsking(@Nullable Thread visitingThread) {
		return visitingThread != null && Arrays.stream(visitingThread.getStackTrace())
			.anyMatch((frame) -> frame.getClassName().equals(ServerCalls.class.getName())
					&& frame.getMethodName().equals("trustBundle"));
	}

}
