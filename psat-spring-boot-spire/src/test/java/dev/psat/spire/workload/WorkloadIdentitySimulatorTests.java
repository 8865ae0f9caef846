package dev.psat.spire.workload;

import java.time.Duration;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.workload.client.WorkloadEndpoint;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkloadIdentity} with a simulated Workload API.
 */
class WorkloadIdentitySimulatorTests {

	private static final String ORDERS = "spiffe://example.org/orders";

	private static final String RETURNS = "spiffe://example.org/returns";

	private final SimulatedWorkloadApi agent = SimulatedWorkloadApi.builder().entry(ORDERS).build();

	private final SpireIdentity identity = WorkloadIdentity.builder()
		.endpoint(WorkloadEndpoint.parse(this.agent.address()))
		.build();

	@AfterEach
	void close() {
		this.identity.close();
		this.agent.close();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
	}

	private void ready() {
		this.identity.start();
		await().until(() -> this.identity.status().state() == SpireState.READY);
	}

	private long generation() {
		SpireStatus.Svid svid = this.identity.status().svid();
		return (svid != null) ? svid.generation() : 0;
	}

	private @Nullable String reason() {
		SpireStatus.LastError error = this.identity.status().lastError();
		return (error != null) ? error.reason() : null;
	}

	@Test
	void identityIsThatOfTheEntry() {
		ready();
		assertThat(this.identity.x509Svid().spiffeId()).isEqualTo(SpiffeId.parse(ORDERS));
		await().until(() -> !this.identity.trustBundle().jwtAuthorities().isEmpty());
		assertThat(this.identity.trustBundle().x509Authorities()).isNotEmpty();
		assertThat(this.identity.jwtSvid("bank").spiffeId()).isEqualTo(SpiffeId.parse(ORDERS));
		assertThat(this.identity.jwtSvid("bank")).isSameAs(this.identity.jwtSvid("bank"));
		assertThat(this.identity.status().workloadApi()).isEqualTo(this.agent.address());
		assertThat(this.identity.status().lastError()).isNull();
	}

	@Test
	void rotationIsTakenAtOnce() {
		ready();
		this.agent.rotate();
		await().until(() -> generation() == 2);
		assertThat(this.identity.status().state()).isEqualTo(SpireState.READY);
	}

	@Test
	void agentThatIsRestartedIsFoundAgain() {
		ready();
		this.agent.kill();
		await().until(() -> this.identity.status().lastError() != null);
		assertThat(this.identity.status().state()).isEqualTo(SpireState.READY);
		assertThat(reason()).isIn("SOCKET_MISSING", "NOBODY_LISTENS");
		this.agent.start();
		await().until(() -> this.identity.status().lastError() == null);
	}

	@Test
	void exchangedEntryNeverLeavesTheApplicationWithoutAnSvid() {
		ready();
		String id = this.agent.addEntry(RETURNS);
		this.agent.sync();
		this.agent.removeEntry(id);
		this.agent.sync();
		assertThat(this.identity.x509Svid().spiffeId()).isEqualTo(SpiffeId.parse(ORDERS));
	}

	@Test
	void stopKeepsTheSvidAndStartGoesOn() {
		ready();
		this.identity.stop();
		assertThat(this.identity.x509Svid().spiffeId()).isEqualTo(SpiffeId.parse(ORDERS));
		this.agent.rotate();
		this.identity.start();
		await().until(() -> generation() == 2);
	}

}
