package dev.psat.spire.client;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import dev.psat.spire.client.TestPod.Agent;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.spire.test.SpireRelease;
import dev.psat.support.MutableClock;
import dev.psat.test.SimulatedKubelet;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.psat.spire.client.SpireServerContract.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the answers to a client that is no longer an agent, or not authorized for its
 * request.
 */
class ClientDenialTests {

	private final MutableClock clock = new MutableClock();

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedKubelet.builder()
		.clock(this.clock)
		.lifetime(Duration.ofHours(2))
		.build();

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder()
		.clock(this.clock)
		.limitAttestations(false)
		.entryCacheReload(Duration.ZERO)
		.agentTtl(Duration.ofMinutes(1))
		.workload(this.kubelet)
		.build();

	@AutoClose
	private final TestPod pod = new TestPod(this.server, this.kubelet, (client) -> client.clock(this.clock));

	private final Agent agent = this.pod.attest();

	private final AgentConnection connection = this.pod.connect(this.agent);

	private final AuthorizedEntry entry = this.connection.authorizedEntries().get(0);

	@ParameterizedTest
	@EnumSource(Denial.class)
	void openConnectionIsDeniedAllButTheTrustBundle(Denial denial) {
		denial.befall.accept(this);
		assertDenied(this.connection, denial.reason);
		assertThat(this.connection.trustBundle()).isEqualTo(this.pod.client().trustBundle());
		assertThat(this.server.journal().refusals()).as("No call is repeated").hasSize(4);
	}

	@ParameterizedTest
	@EnumSource(value = Denial.class, names = { "EVICTED", "BANNED", "ATTESTED_AGAIN" })
	void newConnectionIsDeniedTheSame(Denial denial) {
		denial.befall.accept(this);
		AgentConnection fresh = this.pod.connect(this.agent);
		assertDenied(fresh, denial.reason);
		assertThat(fresh.trustBundle()).isEqualTo(this.pod.client().trustBundle());
	}

	@ParameterizedTest
	@EnumSource(value = Denial.class, names = { "EXPIRED", "PRUNED" })
	void newConnectionOfAnExpiredAgentIsRefused(Denial denial) {
		denial.befall.accept(this);
		AgentConnection fresh = this.pod.connect(this.agent);
		assertFails(fresh::authorizedEntries, FailureReason.CERTIFICATE_REFUSED);
		assertFails(fresh::trustBundle, FailureReason.CERTIFICATE_REFUSED);
		assertThat(this.pod.client().trustBundle().x509Authorities()).hasSize(1);
	}

	@Test
	void openConnectionOfAnExpiredAgentIsRefusedOnceTheServerHasEndedIt() {
		Denial.EXPIRED.befall.accept(this);
		assertFails(this.connection::authorizedEntries, FailureReason.AGENT_EXPIRED);
		this.server.goAway();
		Awaitility.await().until(() -> this.server.journal().openConnections() == 0);
		assertFails(this.connection::authorizedEntries, FailureReason.CERTIFICATE_REFUSED);
	}

	@ParameterizedTest
	@EnumSource(value = Denial.class, names = "BANNED", mode = EnumSource.Mode.EXCLUDE)
	void agentThatAttestsAgainIsDeniedNothing(Denial denial) {
		denial.befall.accept(this);
		AgentConnection again = this.pod.connect(this.pod.attest());
		assertThat(TestPod.obtainX509Svid(again).spiffeId()).isEqualTo(this.entry.spiffeId());
		again.postStatus("tests/1");
		assertThat(this.server.journal().lastAgentVersion()).isEqualTo("tests/1");
	}

	@Test
	void workloadIsNoAgent() {
		var key = KeyType.EC_P256.generate();
		AgentConnection impostor = this.pod.client().connect(this.connection.newX509Svid(this.entry, key), key);
		assertDenied(impostor, FailureReason.AGENT_NOT_ATTESTED);
		assertThat(impostor.trustBundle()).isEqualTo(this.connection.trustBundle());
	}

	@Test
	void policyThatDeniesGivesNoReason() {
		this.server.faults()
			.failNext(SpireMethod.GET_AUTHORIZED_ENTRIES, Status.PERMISSION_DENIED.withDescription(
					"authorization denied for method /spire.api.server.entry.v1.Entry/GetAuthorizedEntries"));
		assertFails(this.connection::authorizedEntries, FailureReason.PERMISSION_DENIED);
	}

	@Test
	void release114AllowsNoStatusAndGivesNoReason() {
		try (SimulatedSpireServer old = SimulatedSpireServer.builder()
			.behaveAs(SpireRelease.V1_14)
			.workload(this.kubelet)
			.build(); TestPod client = new TestPod(old, this.kubelet)) {
			AgentConnection connection = client.connect(client.attest());
			assertFails(() -> connection.postStatus("tests/1"), FailureReason.PERMISSION_DENIED);
			assertThat(connection.trustBundle()).isEqualTo(client.refresh());
		}
	}

	@Test
	void aliasCountsFromTheNextReloadOn() {
		try (SimulatedSpireServer cached = SimulatedSpireServer.builder()
			.entryCacheReload(Duration.ofHours(1))
			.workload(this.kubelet)
			.build(); TestPod client = new TestPod(cached, this.kubelet)) {
			String entryId = cached.register(this.kubelet, TestPod.CLUSTER);
			AuthorizedEntry early = TestEntry.of(entryId, this.entry.spiffeId());
			AgentConnection connection = client.connect(client.attest());
			assertThat(connection.authorizedEntries()).isEmpty();
			assertNotFound(connection, early);
			cached.entries().reload();
			assertThat(TestPod.obtainX509Svid(connection).spiffeId()).isEqualTo(this.entry.spiffeId());
			assertThat(connection.newJwtSvid(early, List.of("billing")).spiffeId()).isEqualTo(this.entry.spiffeId());
		}
	}

	@Test
	void entryThatIsGoneIsNotFound() {
		this.server.entries().delete(this.entry.id());
		assertThat(this.connection.authorizedEntries()).isEmpty();
		assertNotFound(this.connection, this.entry);
	}

	@Test
	void podThatIsGoneCannotAttestAndItsAgentGoesOn() {
		this.server.cluster(TestPod.CLUSTER).deletePod(this.kubelet);
		assertFails(this.pod::attest, FailureReason.TOKEN_REVIEW_FAILED);
		assertThat(TestPod.obtainX509Svid(this.connection).spiffeId()).isEqualTo(this.entry.spiffeId());
		AgentConnection fresh = this.pod.connect(this.agent);
		assertThat(TestPod.obtainX509Svid(fresh).spiffeId()).isEqualTo(this.entry.spiffeId());
		this.clock.advance(Duration.ofSeconds(61));
		assertFails(fresh::authorizedEntries, FailureReason.AGENT_EXPIRED);
		assertFails(this.pod::attest, FailureReason.TOKEN_REVIEW_FAILED);
	}

	@Test
	void tokenOfAnotherPodMakesAnotherAgent() {
		try (SimulatedKubelet other = SimulatedKubelet.builder()
			.clock(this.clock)
			.serviceAccount("shop", "billing")
			.pod("billing-0", "OTHER-UID")
			.build()) {
			this.server.register(other, TestPod.CLUSTER);
			Agent impostor = this.pod.attest(other.token());
			assertThat(impostor.id()).endsWith("/pod/OTHER-UID").isNotEqualTo(this.agent.id());
			assertThat(TestPod.obtainX509Svid(this.pod.connect(impostor)).spiffeId())
				.hasToString("spiffe://example.org/ns/shop/sa/billing");
			assertThat(this.connection.authorizedEntries()).containsExactly(this.entry);
		}
	}

	private void assertDenied(AgentConnection denied, FailureReason reason) {
		assertFails(denied::authorizedEntries, reason);
		assertFails(() -> denied.newX509Svid(this.entry, KeyType.EC_P256.generate()), reason);
		assertFails(() -> denied.newJwtSvid(this.entry, List.of("billing")), reason);
		assertFails(() -> denied.postStatus("tests/1"), reason);
	}

	private static void assertNotFound(AgentConnection connection, AuthorizedEntry entry) {
		assertFails(() -> connection.newX509Svid(entry, KeyType.EC_P256.generate()), FailureReason.ENTRY_NOT_FOUND);
		assertFails(() -> connection.newJwtSvid(entry, List.of("billing")), FailureReason.ENTRY_NOT_FOUND);
	}

	/**
	 * What can happen to an agent.
	 */
	private enum Denial {

		EVICTED(FailureReason.AGENT_NOT_ATTESTED, (test) -> test.server.agents().evict(test.agent.id())),

		BANNED(FailureReason.AGENT_BANNED, (test) -> test.server.agents().ban(test.agent.id())),

		ATTESTED_AGAIN(FailureReason.AGENT_NOT_ACTIVE, (test) -> test.pod.attest()),

		EXPIRED(FailureReason.AGENT_EXPIRED, (test) -> test.clock.advance(Duration.ofSeconds(61))),

		PRUNED(FailureReason.AGENT_EXPIRED, (test) -> {
			test.clock.advance(Duration.ofSeconds(61));
			test.server.agents().prune();
			assertThat(test.server.agents().ids()).isEmpty();
		});

		private final FailureReason reason;

		private final Consumer<ClientDenialTests> befall;

		Denial(FailureReason reason, Consumer<ClientDenialTests> befall) {
			this.reason = reason;
			this.befall = befall;
		}

	}

}
