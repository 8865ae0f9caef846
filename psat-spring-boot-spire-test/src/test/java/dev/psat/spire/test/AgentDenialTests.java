package dev.psat.spire.test;

import java.time.Duration;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.psat.spire.test.proto.PermissionDeniedDetails;
import dev.psat.spire.test.proto.PermissionDeniedDetails.Reason;
import dev.psat.spire.test.proto.PostStatusRequest;
import dev.psat.support.MutableClock;
import dev.psat.test.SimulatedKubelet;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for how {@link SimulatedSpireServer} denies calls to agents.
 */
class AgentDenialTests {

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

	private final TestSvid agent = TestClient.attest(this.server, this.kubelet.token());

	@AutoClose
	private final TestClient client = TestClient.of(this.server, this.agent);

	@Test
	void callerWithoutCertificateIsDeniedWithoutDetails() {
		try (TestClient anonymous = TestClient.anonymous(this.server)) {
			StatusRuntimeException denial = TestClient.failure(anonymous::entries);
			assertThat(denial.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
			assertThat(denial.getStatus().getDescription())
				.isEqualTo("authorization denied for method /spire.api.server.entry.v1.Entry/GetAuthorizedEntries");
			assertThat(reason(denial)).isNull();
		}
		assertThat(this.server.journal().refusals()).singleElement()
			.satisfies((refusal) -> assertThat(refusal.caller()).isNull());
	}

	@Test
	void callerWithoutCertificateIsDeniedEveryMethodOfAgents() {
		try (TestClient anonymous = TestClient.anonymous(this.server)) {
			assertThat(TestClient
				.status(() -> anonymous.call(SpireMethods.POST_STATUS, PostStatusRequest.getDefaultInstance()))
				.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
			assertThat(TestClient.status(() -> anonymous.x509Svid("any", new byte[1])).getCode())
				.isEqualTo(Status.Code.PERMISSION_DENIED);
			assertThat(anonymous.bundle().getX509AuthoritiesCount()).isOne();
		}
	}

	@Test
	void expiredAgentIsToldOnOpenConnectionAndRefusedOnNewOne() {
		assertThat(this.client.entries()).hasSize(1);
		this.clock.advance(Duration.ofSeconds(61));
		assertThat(reason(TestClient.failure(this.client::entries))).isEqualTo(Reason.AGENT_EXPIRED);
		assertThat(this.client.bundle().getX509AuthoritiesCount()).isOne();
		try (TestClient late = TestClient.of(this.server, this.agent)) {
			assertThat(TestClient.status(late::bundle).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		}
		assertThat(this.server.journal().refusedConnections()).isNotEmpty()
			.allSatisfy((cause) -> assertThat(cause).contains(this.agent.id()));
	}

	@Test
	void evictedAgentMayAttestAgain() {
		assertThat(this.client.entries()).hasSize(1);
		this.server.agents().evict(this.agent.id());
		assertThat(reason(TestClient.failure(this.client::entries))).isEqualTo(Reason.AGENT_NOT_ATTESTED);
		assertThat(entriesOfNewAgent()).isOne();
		assertThat(reason(TestClient.failure(this.client::entries))).isEqualTo(Reason.AGENT_NOT_ACTIVE);
	}

	@Test
	void bannedAgentMayAttestAgainOnceItIsEvicted() {
		this.server.agents().ban(this.agent.id());
		assertThat(reason(TestClient.failure(this.client::entries))).isEqualTo(Reason.AGENT_BANNED);
		assertThat(this.server.agents().activeSerialNumber(this.agent.id())).isNull();
		StatusRuntimeException denial = TestClient.failure(this::entriesOfNewAgent);
		assertThat(denial.getStatus().getDescription()).isEqualTo("failed to attest: agent is banned");
		assertThat(reason(denial)).isNull();
		this.server.agents().evict(this.agent.id());
		assertThat(entriesOfNewAgent()).isOne();
	}

	@Test
	void onlyExpiredAgentsArePruned() {
		this.server.agents().prune();
		assertThat(this.client.entries()).hasSize(1);
		this.clock.advance(Duration.ofSeconds(61));
		this.server.agents().prune();
		assertThat(this.server.agents().ids()).isEmpty();
		assertThat(entriesOfNewAgent()).isOne();
	}

	@Test
	void bannedAgentsAreNotPruned() {
		this.server.agents().ban(this.agent.id());
		this.clock.advance(Duration.ofSeconds(61));
		this.server.agents().prune();
		assertThat(this.server.agents().ids()).containsExactly(this.agent.id());
	}

	@Test
	void workloadIsNoAgent() {
		TestSvid workload = this.client.x509Svid(this.client.entries().get(0).getId());
		try (TestClient impostor = TestClient.of(this.server, workload)) {
			assertThat(reason(TestClient.failure(impostor::entries))).isEqualTo(Reason.AGENT_NOT_ATTESTED);
			assertThat(impostor.bundle().getX509AuthoritiesCount()).isOne();
		}
	}

	@Test
	void unknownAgentCannotBeEvictedOrBanned() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.server.agents().evict("spiffe://example.org/no"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.server.agents().ban("spiffe://example.org/no"));
	}

	@Test
	void agentVersionMustNotBeTooLong() {
		assertThat(postVersion("x".repeat(256)).getDescription())
			.isEqualTo("agent version is too long (max 255 characters)");
		this.client.call(SpireMethods.POST_STATUS,
				PostStatusRequest.newBuilder().setAgentVersion("x".repeat(255)).build());
		assertThat(this.server.journal().lastAgentVersion()).hasSize(255);
	}

	private Status postVersion(String version) {
		return TestClient.status(() -> this.client.call(SpireMethods.POST_STATUS,
				PostStatusRequest.newBuilder().setAgentVersion(version).build()));
	}

	private int entriesOfNewAgent() {
		try (TestClient again = TestClient.of(this.server, TestClient.attest(this.server, this.kubelet.token()))) {
			return again.entries().size();
		}
	}

	private static @Nullable Reason reason(StatusRuntimeException denial) {
		Metadata trailers = denial.getTrailers();
		byte[] details = (trailers != null)
				? trailers.get(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER)) : null;
		try {
			return (details != null) ? dev.psat.spire.test.proto.rpc.Status.parseFrom(details)
				.getDetails(0)
				.unpack(PermissionDeniedDetails.class)
				.getReason() : null;
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
