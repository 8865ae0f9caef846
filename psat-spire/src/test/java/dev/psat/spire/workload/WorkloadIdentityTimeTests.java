package dev.psat.spire.workload;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.spiffe.JwtSvid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.internal.PassingTime;
import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.spire.test.SimulatedWorkloadApi;
import dev.psat.spire.test.WorkloadMethod;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.workload.client.WorkloadEndpoint;
import dev.psat.support.HangingLog;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what {@link WorkloadIdentity} does because time passes.
 */
@ExtendWith(OutputCaptureExtension.class)
class WorkloadIdentityTimeTests {

	private final PassingTime time = new PassingTime();

	private final SimulatedWorkloadApi agent = SimulatedWorkloadApi.builder().build();

	private final String entry = this.agent.addEntry("spiffe://example.org/orders");

	private final SpireIdentity identity = WorkloadIdentity.builder()
		.endpoint(WorkloadEndpoint.parse(this.agent.address()))
		.time(this.time.time())
		.build();

	private final List<SpireState> told = new CopyOnWriteArrayList<>();

	private final List<String> renewals = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.identity.close();
		this.agent.close();
	}

	private static ConditionFactory await() {
		return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
	}

	private void ready() {
		this.identity.addObserver(new SpireObserver() {

			@Override
			public void changed(SpireStatus previous, SpireStatus current) {
				if (current.state() != previous.state()) {
					WorkloadIdentityTimeTests.this.told.add(current.state());
				}
			}

			@Override
			public void x509SvidRequested(String outcome) {
				WorkloadIdentityTimeTests.this.renewals.add(outcome);
			}

		});
		this.identity.start();
		await().until(() -> this.told.contains(SpireState.READY));
	}

	/**
	 * Delete the entry, and wait until the stream of X.509-SVIDs is refused. That of the
	 * JWT authorities may be refused before.
	 */
	private void refuse() {
		this.agent.removeEntry(this.entry);
		await().until(() -> Objects.equals(this.identity.status().candidates(), 0));
	}

	@Test
	void silentAgentIsToldByTheClock(CapturedOutput output) {
		ready();
		int calls = this.agent.journal().calls(WorkloadMethod.FETCH_X509_SVID);
		this.time.pass(Duration.ofMinutes(40));
		await().until(() -> this.told.contains(SpireState.RENEWAL_FAILING));
		assertThat(this.identity.status().lastError()).isNotNull()
			.extracting(SpireStatus.LastError::reason)
			.isEqualTo("NOT_RENEWED");
		await().until(() -> this.renewals.contains("not-renewed"));
		this.time.pass(Duration.ofMinutes(30));
		await().until(() -> this.told.contains(SpireState.EXPIRED));
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(this.identity::x509Svid);
		assertThat(this.agent.journal().calls(WorkloadMethod.FETCH_X509_SVID)).isEqualTo(calls);
		assertThat(this.renewals).containsExactly("success", "not-renewed");
		assertThat(output).containsOnlyOnce("NOT_RENEWED: The agent keeps the stream open, but has sent no X.509-SVID");
	}

	@Test
	void logThatHangsKeepsNoStateFromBeingTold() {
		try (HangingLog log = new HangingLog(SpireIdentity.class.getName(), "NOT_RENEWED")) {
			ready();
			this.time.pass(Duration.ofMinutes(40));
			log.awaitHanging();
			this.time.pass(Duration.ofMinutes(30));
			await().until(() -> this.told.contains(SpireState.EXPIRED));
			assertThat(this.renewals).containsExactly("success", "not-renewed");
		}
	}

	@Test
	void deletedEntryTakesTheIdentityAfterThirtySeconds() {
		ready();
		this.identity.jwtSvid("bank");
		refuse();
		assertThat(this.identity.status().state()).isEqualTo(SpireState.READY);
		assertThat(this.identity.status().lastError()).isNotNull();
		this.time.pass(Duration.ofSeconds(30));
		await().until(() -> this.told.contains(SpireState.WAITING_FOR_ENTRY));
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(this.identity::x509Svid)
			.withMessageContaining("no identity issued");
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(this.identity::trustBundle);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> this.identity.jwtSvid("bank"));
		TlsIdentity tls = (TlsIdentity) this.identity;
		assertThat(tls.snapshot().svid()).isNull();
		assertThat(tls.snapshot().trustBundle()).isNull();
		assertThat(tls.absence()).contains("no identity issued", "WAITING_FOR_ENTRY");
		this.agent.addEntry("spiffe://example.org/orders");
		await().until(() -> this.identity.status().state() == SpireState.READY);
		assertThat(this.identity.status().svid()).isNotNull()
			.satisfies((svid) -> assertThat(svid.generation()).isEqualTo(2));
	}

	@Test
	void identityThatComesBackHasTheJwtAuthoritiesOfAnAgentThatHandsThemOutToEverybody() {
		PassingTime time = new PassingTime();
		try (SimulatedWorkloadApi agent = SimulatedWorkloadApi.builder().allowUnauthenticatedVerifiers().build();
				SpireIdentity identity = WorkloadIdentity.builder()
					.endpoint(WorkloadEndpoint.parse(agent.address()))
					.time(time.time())
					.build()) {
			String entry = agent.addEntry("spiffe://example.org/orders");
			identity.start();
			await().ignoreExceptionsInstanceOf(SvidUnavailableException.class)
				.until(() -> !identity.trustBundle().jwtAuthorities().isEmpty());
			agent.removeEntry(entry);
			await().until(() -> identity.status().lastError() != null);
			time.pass(Duration.ofSeconds(30));
			await().until(() -> identity.status().state() == SpireState.WAITING_FOR_ENTRY);
			agent.addEntry("spiffe://example.org/orders");
			await().until(() -> identity.status().state() == SpireState.READY);
			assertThat(identity.trustBundle().jwtAuthorities()).isNotEmpty();
		}
	}

	/**
	 * As an agent does that has lost its server.
	 */
	@Test
	void jwtSvidThatWasOldWhenTheAgentHandedItOutIsNotReturnedOnceItHasExpired() {
		PassingTime time = new PassingTime();
		try (SimulatedSpireServer server = SimulatedSpireServer.builder().clock(time.time().clock()).build();
				SimulatedWorkloadApi agent = SimulatedWorkloadApi.builder()
					.server(server)
					.entry("spiffe://example.org/orders", (entry) -> entry.jwtSvidTtl(Duration.ofMinutes(20)))
					.build();
				SpireIdentity first = identity(agent, time);
				SpireIdentity second = identity(agent, time)) {
			first.start();
			second.start();
			JwtSvid svid = first.jwtSvid("bank");
			second.jwtSvid("shop");
			server.stop();
			time.pass(Duration.ofMinutes(10));
			assertThat(second.jwtSvid("bank").token()).isEqualTo(svid.token());
			time.pass(Duration.ofMinutes(10));
			assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> second.jwtSvid("bank"))
				.withMessageContaining("could not fetch JWT-SVID");
		}
	}

	private static SpireIdentity identity(SimulatedWorkloadApi agent, PassingTime time) {
		return WorkloadIdentity.builder().endpoint(WorkloadEndpoint.parse(agent.address())).time(time.time()).build();
	}

	@Test
	void stoppedIdentityKeepsWhatItHadUntilItExpires() {
		ready();
		this.identity.stop();
		this.time.pass(Duration.ofMinutes(59));
		assertThat(this.identity.x509Svid()).isNotNull();
		this.time.pass(Duration.ofMinutes(2));
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(this.identity::x509Svid);
	}

	@Test
	void stoppedIdentityDoesNotKeepWhatTheAgentHasRefusedBefore() {
		ready();
		refuse();
		this.identity.stop();
		this.time.pass(Duration.ofSeconds(15));
		assertThat(this.identity.x509Svid()).isNotNull();
		this.time.pass(Duration.ofSeconds(15));
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(this.identity::x509Svid);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(this.identity::trustBundle);
		assertThat(((TlsIdentity) this.identity).snapshot().svid()).isNull();
		assertThat(this.identity.status().state()).isEqualTo(SpireState.WAITING_FOR_ENTRY);
	}

}
