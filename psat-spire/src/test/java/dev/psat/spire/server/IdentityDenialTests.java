package dev.psat.spire.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.FutureTask;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.test.SimulatedCluster;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A server that refuses the pod, or no longer knows its agent.
 */
@ExtendWith(OutputCaptureExtension.class)
class IdentityDenialTests {

	private static final Duration PAUSE_WHILE_BANNED = Duration.ofMinutes(10);

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	@Test
	void refusedServiceAccountIsToldByName() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		server.cluster("demo").disallow("shop", "orders");
		this.fixture.start();
		this.fixture.awaitReason(FailureReason.SERVICE_ACCOUNT_NOT_ALLOWED);
		assertThat(this.fixture.lastError().advice()).contains("\"shop:orders\"");
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.ATTESTING);
		assertThat(this.fixture.outcomes()).contains("attested service-account-not-allowed");
		server.cluster("demo").allow("shop", "orders");
		this.fixture.awaitState(SpireState.READY);
	}

	@ParameterizedTest
	@ValueSource(strings = { "demo", "pod" })
	void identityOfTheNodeIsRefusedAfterOneAttestation(String cluster) throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.impatient()
			.cluster(SimulatedCluster.named(cluster).allow("shop", "orders").trust(this.fixture.pod())));
		server.register(this.fixture.pod(), cluster);
		TokenSource source = this.fixture.source(this.fixture.pod());
		SpireIdentity refused = this.fixture
			.start(this.fixture.builder(IdentityFixture.attestor(cluster, source)).tokenSource(source));
		this.fixture.awaitState(SpireState.NODE_IDENTITY);
		assertThat(this.fixture.lastError().advice()).contains("use_pod_uid_for_agent_id", "shop:orders");
		this.fixture.awaitVisits(3);
		this.fixture.pod().rotate();
		this.fixture.awaitVisits(3);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> refused.jwtSvid("bank"))
			.satisfies((ex) -> assertThat(ex.state()).isEqualTo(SpireState.NODE_IDENTITY));
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		assertThat(this.fixture.calls(SpireMethod.GET_AUTHORIZED_ENTRIES)).isZero();
		refused.close();
		this.fixture.ready(this.fixture.builder(IdentityFixture.attestor(cluster, source)).allowNodeIdentity(true));
	}

	@Test
	void evictedAgentAttestsWhenItNeedsTo() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		server.agents().evict(this.fixture.agentId());
		this.fixture.awaitVisits(3);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		JwtSvid svid = identity.jwtSvid("billing", "stock");
		assertThat(svid.spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(svid.audience()).containsExactlyInAnyOrder("billing", "stock");
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
		assertThat(identity.jwtSvid("stock", "billing")).isSameAs(svid);
		assertThat(this.fixture.calls(SpireMethod.NEW_JWT_SVID)).isLessThanOrEqualTo(2);
	}

	@Test
	void evictedAgentAttestsForTheRenewal() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		this.fixture.ready();
		server.agents().evict(this.fixture.agentId());
		this.fixture.awaitVisits(2);
		this.fixture.time().pass(Duration.ofMinutes(30));
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.READY);
	}

	@Test
	void prunedAgentAttestsAgain() throws Exception {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload().agentTtl(Duration.ofSeconds(100)));
		this.fixture.ready();
		duringAVisit(() -> {
			// by its own clock the agent is good
			this.fixture.time().setOthersAhead(Duration.ofSeconds(110));
			server.agents().prune();
			assertThat(server.agents().ids()).isEmpty();
		});
		this.fixture.await().until(() -> this.fixture.calls(SpireMethod.ATTEST_AGENT) == 2);
		this.fixture.awaitVisits(2);
		assertThat(server.agents().ids()).containsExactly(this.fixture.agentId());
		assertThat(this.fixture.status().lastError()).isNull();
		assertThat(this.fixture.generation()).isEqualTo(1);
		assertThat(this.fixture.identity().jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
	}

	/**
	 * Do something between two questions of a visit, so that no other one comes in
	 * between.
	 */
	private void duringAVisit(Runnable action) throws Exception {
		FutureTask<Void> task = new FutureTask<>(action, null);
		this.fixture.identity().addObserver(new SpireObserver() {

			@Override
			public void refreshed(String outcome) {
				task.run();
			}

		});
		this.fixture.await().until(task::isDone);
		task.get();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void agentThatTheServerDeemsExpiredIsReplacedInThatVisit(boolean openConnection) throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload().agentTtl(Duration.ofSeconds(100)));
		this.fixture.ready();
		this.fixture.time().setOthersAhead(Duration.ofSeconds(110));
		if (!openConnection) {
			this.fixture.goAway();
		}
		this.fixture.await().until(() -> this.fixture.calls(SpireMethod.ATTEST_AGENT) == 2);
		if (openConnection) {
			// the question that was denied was asked again in the same visit
			this.fixture.await()
				.until(() -> this.fixture
					.calls(SpireMethod.GET_AUTHORIZED_ENTRIES) == this.fixture.calls(SpireMethod.GET_BUNDLE) + 1);
			assertThat(server.journal().refusedConnections()).isEmpty();
		}
		this.fixture.awaitVisits(2);
		assertThat(this.fixture.outcomes()).filteredOn((outcome) -> !outcome.endsWith(" success")).isEmpty();
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.READY);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
		assertThat(this.fixture.generation()).isEqualTo(1);
	}

	@Test
	void agentThatHasExpiredIsReplacedWithoutNeed() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload().x509SvidTtl(Duration.ofHours(5)));
		this.fixture.ready();
		server.faults().failAll(SpireMethod.ATTEST_AGENT, Status.INTERNAL.withDescription("failed to fetch agent"));
		this.fixture.time().pass(Duration.ofMinutes(50));
		this.fixture.awaitReason(FailureReason.DATASTORE_FAILED);
		assertThat(this.fixture.status().agentExpiresAt()).isNotNull();
		this.fixture.time().pass(Duration.ofMinutes(11));
		this.fixture.await().until(() -> this.fixture.status().agentExpiresAt() == null);
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.READY);
		server.faults().failAll(SpireMethod.ATTEST_AGENT, null);
		this.fixture.await().until(() -> this.fixture.status().agentExpiresAt() != null);
		assertThat(this.fixture.generation()).isEqualTo(1);
	}

	@Test
	void agentThatDiesAtEveryQuestionAttestsTwiceInEachVisit() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		server.faults()
			.failAll(SpireMethod.GET_AUTHORIZED_ENTRIES, Status.NOT_FOUND.withDescription("agent not found"));
		this.fixture.start();
		this.fixture.awaitReason(FailureReason.AGENT_NOT_ATTESTED);
		this.fixture.await().until(() -> this.fixture.status().agentExpiresAt() == null);
		this.fixture.awaitVisits(2);
		// one may be under way
		int ended = this.fixture.calls(SpireMethod.GET_BUNDLE) - 1;
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isGreaterThanOrEqualTo(2 * ended);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT))
			.isLessThanOrEqualTo(2 * this.fixture.calls(SpireMethod.GET_BUNDLE));
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.ATTESTING);
		server.faults().failAll(SpireMethod.GET_AUTHORIZED_ENTRIES, null);
		this.fixture.awaitState(SpireState.READY);
	}

	@Test
	void bannedAgentIsDownServesAndTriesEveryTenMinutes(CapturedOutput output) throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		server.agents().ban(this.fixture.agentId());
		this.fixture.awaitState(SpireState.BANNED);
		assertThat(identity.x509Svid().spiffeId()).hasToString(IdentityFixture.ORDERS);
		this.fixture.awaitVisits(3);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity.jwtSvid("a"))
			.satisfies((ex) -> assertThat(ex.state()).isEqualTo(SpireState.BANNED));
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		this.fixture.time().pass(PAUSE_WHILE_BANNED);
		this.fixture.await().until(() -> this.fixture.calls(SpireMethod.ATTEST_AGENT) == 2);
		this.fixture.awaitVisits(1);
		this.fixture.time().pass(PAUSE_WHILE_BANNED.minusMinutes(1));
		this.fixture.awaitVisits(3);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.BANNED);
		server.agents().evict(this.fixture.agentId());
		this.fixture.time().pass(Duration.ofMinutes(1));
		this.fixture.awaitState(SpireState.READY);
		assertThat(this.fixture.generation()).isEqualTo(1);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(3);
		assertThat(identity.jwtSvid("a").spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(output.getOut().lines().filter((line) -> line.contains("AGENT_BANNED") && line.contains("ERROR")))
			.hasSize(1);
	}

	@Test
	void banThatWasLiftedWhileTheIdentityWasStoppedIsNoticedAtTheStart() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		server.agents().ban(this.fixture.agentId());
		this.fixture.awaitState(SpireState.BANNED);
		identity.stop();
		server.agents().evict(this.fixture.agentId());
		identity.start();
		this.fixture.awaitState(SpireState.READY);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
		assertThat(this.fixture.generation()).isEqualTo(1);
		assertThat(identity.jwtSvid("a").spiffeId()).hasToString(IdentityFixture.ORDERS);
	}

	@Test
	void banThatOutlastsAStopStandsForTenMinutesFromTheStart() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		server.agents().ban(this.fixture.agentId());
		this.fixture.awaitState(SpireState.BANNED);
		identity.stop();
		identity.start();
		this.fixture.awaitReason(FailureReason.AGENT_BANNED);
		this.fixture.awaitVisits(3);
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.BANNED);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
	}

	@Test
	void agentThatWasBannedBeforeTheStartWaitsForTheEndOfTheBan() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		this.fixture.ready().close();
		String agentId = this.fixture.agentId();
		server.agents().ban(agentId);
		SpireIdentity identity = this.fixture.start();
		this.fixture.awaitState(SpireState.BANNED);
		this.fixture.awaitVisits(3);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(identity::x509Svid)
			.satisfies((ex) -> assertThat(ex.state()).isEqualTo(SpireState.BANNED))
			.satisfies((ex) -> assertThat(ex.advice()).contains("spire-server agent evict"));
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity.jwtSvid("a"));
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(2);
		server.agents().evict(agentId);
		this.fixture.time().pass(PAUSE_WHILE_BANNED);
		this.fixture.awaitState(SpireState.READY);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(3);
	}

	@Test
	void svidOfABannedAgentServesUntilItExpires() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		server.agents().ban(this.fixture.agentId());
		this.fixture.awaitState(SpireState.BANNED);
		this.fixture.time().pass(Duration.ofMinutes(59));
		this.fixture.awaitVisits(2);
		assertThat(identity.x509Svid().spiffeId()).hasToString(IdentityFixture.ORDERS);
		this.fixture.time().pass(Duration.ofMinutes(2));
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(identity::x509Svid)
			.satisfies((ex) -> assertThat(ex.state()).isEqualTo(SpireState.BANNED));
	}

	@Test
	void tokenThatTheServerRefusesIsLookedAtAgain() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SimulatedKubelet foreign = this.fixture.anotherPod();
		this.fixture.pod().write(foreign.token().getBytes(StandardCharsets.US_ASCII));
		TokenSource source = this.fixture.blindSource(this.fixture.pod());
		this.fixture.start(this.fixture.builder(IdentityFixture.attestor(source)).tokenSource(source));
		this.fixture.awaitReason(FailureReason.TOKEN_REVIEW_FAILED);
		assertThat(server.agents().ids()).isEmpty();
		this.fixture.pod().rotate();
		this.fixture.awaitState(SpireState.READY);
	}

	@Test
	void tokenOfAnotherPodOfTheServiceAccountMakesTheNextAgentThatPod() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		TokenSource source = this.fixture.source(this.fixture.pod());
		SpireIdentity identity = this.fixture
			.ready(this.fixture.builder(IdentityFixture.attestor(source)).tokenSource(source));
		String agentId = this.fixture.agentId();
		SimulatedKubelet other = this.fixture.anotherPod();
		String token = other.token();
		server.cluster("demo").trust(other);
		this.fixture.pod().write(token.getBytes(StandardCharsets.US_ASCII));
		this.fixture.await().until(() -> source.current().value().equals(token));
		this.fixture.awaitVisits(2);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		assertThat(this.fixture.agentId()).isEqualTo(agentId);
		server.agents().evict(agentId);
		assertThat(identity.jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(this.fixture.agentId()).isNotEqualTo(agentId);
		assertThat(server.agents().ids()).containsExactly(this.fixture.agentId());
		this.fixture.awaitState(SpireState.READY);
	}

}
