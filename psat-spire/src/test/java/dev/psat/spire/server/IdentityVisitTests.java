package dev.psat.spire.server;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SpireMethod;
import dev.psat.support.FailingLog;
import dev.psat.support.HangingLog;
import dev.psat.support.RunningThreads;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Visits of which one step fails, and what is left after the last one.
 */
class IdentityVisitTests {

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	@Test
	void svidIsRenewedWhileTheEntriesCannotBeListed() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		this.fixture.ready();
		server.faults()
			.failAll(SpireMethod.GET_AUTHORIZED_ENTRIES, Status.INTERNAL.withDescription("failed to fetch entries"));
		this.fixture.awaitVisits(2);
		assertThat(this.fixture.generation()).isEqualTo(1);
		this.fixture.time().pass(Duration.ofMinutes(30));
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		this.fixture.awaitVisits(2);
		assertThat(this.fixture.generation()).isEqualTo(2);
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.READY);
		assertThat(this.fixture.status().lastError()).isNotNull();
		assertThat(this.fixture.outcomes()).contains("renewed success");
	}

	@Test
	void entriesThatCannotBeListedAreToldOfEvenIfTheRenewalFailsToo() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		this.fixture.ready();
		server.faults()
			.failAll(SpireMethod.GET_AUTHORIZED_ENTRIES, Status.INTERNAL.withDescription("failed to fetch entries"));
		server.faults().failAll(SpireMethod.BATCH_NEW_X509_SVID, Status.INTERNAL.withDescription("on purpose"));
		this.fixture.time().pass(Duration.ofMinutes(30));
		this.fixture.await()
			.until(() -> this.fixture.outcomes()
				.stream()
				.anyMatch((outcome) -> outcome.startsWith("renewed ") && !outcome.endsWith(" success")));
		this.fixture.awaitVisits(2);
		assertThat(this.fixture.lastError().reason()).isEqualTo("DATASTORE_FAILED");
	}

	@Test
	void logThatFailsLosesNothingThatTheServerHasIssued() throws IOException {
		this.fixture.serve(this.fixture.workload());
		FailingLog log = new FailingLog(SpireIdentity.class.getName());
		try (log) {
			this.fixture.ready(this.fixture.builder().allowNodeIdentity(true));
			this.fixture.awaitVisits(2);
		}
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		assertThat(this.fixture.calls(SpireMethod.BATCH_NEW_X509_SVID)).isEqualTo(1);
		assertThat(this.fixture.outcomes()).doesNotContain("attested unexpected", "renewed unexpected");
		assertThat(this.fixture.status().lastError()).isNull();
	}

	@Test
	void agentIsKeptBeforeItIsLogged() throws IOException {
		this.fixture.serve(this.fixture.workload());
		try (HangingLog log = new HangingLog(SpireIdentity.class.getName(), "Attested to")) {
			this.fixture.start();
			log.awaitHanging();
			assertThat(this.fixture.status().agentExpiresAt()).isNotNull();
		}
		this.fixture.awaitState(SpireState.READY);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	@Test
	void svidIsServedBeforeItIsLogged() throws IOException {
		this.fixture.serve(this.fixture.workload());
		try (HangingLog log = new HangingLog(SpireIdentity.class.getName(), "X.509-SVID")) {
			SpireIdentity identity = this.fixture.start();
			log.awaitHanging();
			assertThat(identity.status().state()).isEqualTo(SpireState.READY);
			assertThat(identity.x509Svid().spiffeId()).hasToString(IdentityFixture.ORDERS);
		}
		this.fixture.awaitVisits(1);
		assertThat(this.fixture.calls(SpireMethod.BATCH_NEW_X509_SVID)).isEqualTo(1);
	}

	/**
	 * Nobody calls, and no other visit is due for a day.
	 */
	@Test
	void agentThatLivesShorterThanTheIntervalIsReplacedInItsTime() throws IOException {
		this.fixture.serve(this.fixture.workload().agentTtl(Duration.ofSeconds(5)));
		this.fixture.ready(this.fixture.builder().refreshInterval(Duration.ofDays(1)));
		this.fixture.await().until(() -> this.fixture.calls(SpireMethod.ATTEST_AGENT) > 1);
	}

	@Test
	void statusIsPostedUntilTheServerHasTakenIt() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		server.faults().failAll(SpireMethod.POST_STATUS, Status.INTERNAL.withDescription("on purpose"));
		this.fixture.ready();
		this.fixture.await().until(() -> this.fixture.calls(SpireMethod.POST_STATUS) > 1);
		server.faults().failAll(SpireMethod.POST_STATUS, null);
		this.fixture.awaitVisits(2);
		int posted = this.fixture.calls(SpireMethod.POST_STATUS);
		this.fixture.awaitVisits(2);
		assertThat(this.fixture.calls(SpireMethod.POST_STATUS)).isEqualTo(posted);
		assertThat(this.fixture.status().lastError()).isNull();
	}

	@Test
	void statusIsPostedOnceToAServerThatTakesNone() throws IOException {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		server.faults().failAll(SpireMethod.POST_STATUS, Status.UNIMPLEMENTED);
		this.fixture.ready();
		this.fixture.awaitVisits(3);
		assertThat(this.fixture.calls(SpireMethod.POST_STATUS)).isEqualTo(1);
	}

	@Test
	void stoppedIdentityHasNoAgent() throws IOException {
		this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		String agentId = this.fixture.agentId();
		assertThat(identity.status().agentExpiresAt()).isNotNull();
		identity.stop();
		assertThat(identity.status().agentExpiresAt()).isNull();
		assertThat(this.fixture.agentId()).isEqualTo(agentId);
		assertThat(identity.status().state()).isEqualTo(SpireState.READY);
	}

	@Test
	void statesThatTheClockChangesAreToldWhileAVisitTakesItsTime() throws Exception {
		SimulatedSpireServer server = this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		server.faults().failAll(SpireMethod.GET_AUTHORIZED_ENTRIES, Status.INTERNAL.withDescription("on purpose"));
		this.fixture.await().until(() -> identity.status().lastError() != null);
		CompletableFuture<Void> go = new CompletableFuture<>();
		CompletableFuture<Void> waiting = new CompletableFuture<>();
		identity.addObserver(new SpireObserver() {

			@Override
			public void refreshed(String outcome) {
				waiting.complete(null);
				IdentityVisitTests.this.fixture.time().hangStubbornly(go);
			}

		});
		this.fixture.await().until(waiting::isDone);
		this.fixture.time().pass(Duration.ofMinutes(40));
		this.fixture.await().until(() -> this.fixture.states().contains(SpireState.RENEWAL_FAILING));
		this.fixture.time().pass(Duration.ofMinutes(30));
		this.fixture.await().until(() -> this.fixture.states().contains(SpireState.EXPIRED));
		server.faults().failAll(SpireMethod.GET_AUTHORIZED_ENTRIES, null);
		go.complete(null);
		this.fixture.awaitState(SpireState.READY);
		this.fixture.await().until(() -> RunningThreads.named("psat-spire-clock").isEmpty());
	}

}
