package dev.psat.spire.server;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.psat.PsatAttestor;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.test.SpireMethod;
import dev.psat.spire.test.SpireRelease;
import dev.psat.support.HangingLog;
import dev.psat.support.Patience;
import dev.psat.support.RunningThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The way to the first SVID, its renewal, and the end.
 */
@ExtendWith(OutputCaptureExtension.class)
class SpireIdentityTests {

	@RegisterExtension
	private final IdentityFixture fixture = new IdentityFixture();

	@Test
	void firstSvidIsObtainedInTheBackground() throws IOException {
		this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		X509Svid svid = identity.x509Svid();
		assertThat(svid.spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(svid.chainsToUntainted(identity.trustBundle(), Instant.now())).isTrue();
		SpireStatus status = identity.status();
		assertThat(status.agentId()).isNotNull();
		assertThat(status.candidates()).isEqualTo(1);
		assertThat(status.clockSkew()).isZero();
		assertThat(status.lastError()).isNull();
		assertThat(status.svid()).satisfies((shown) -> {
			assertThat(shown.id()).isEqualTo(svid.spiffeId());
			assertThat(shown.serialNumber()).isEqualTo(svid.serialNumber());
			assertThat(shown.generation()).isEqualTo(1);
			assertThat(shown.renewalDueAt()).isBetween(shown.issuedAt(), shown.expiresAt());
		});
		assertThat(status.trustBundle()).satisfies((shown) -> assertThat(shown.refreshedAt()).isNotNull());
		this.fixture.await()
			.untilAsserted(() -> assertThat(this.fixture.outcomes()).containsSubsequence("refreshed success",
					"attested success", "renewed success"));
		this.fixture.awaitVisits(2);
		assertThat(this.fixture.server().journal().lastAgentVersion()).startsWith("psat-spring-boot");
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		assertThat(this.fixture.calls(SpireMethod.POST_STATUS)).isEqualTo(1);
	}

	@Test
	void nothingIsSentBeforeTheStartOrTheFirstUse() throws IOException {
		this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.build(this.fixture.builder());
		assertThat(identity.status().state()).isEqualTo(SpireState.STARTING);
		assertThat(this.fixture.server().journal().connections()).isZero();
		this.fixture.server().faults().hang();
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(identity::x509Svid);
		this.fixture.server().faults().resume();
		assertThat(identity.jwtSvid("a").spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(identity.x509Svid().spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	@Test
	void logThatHangsInTheStartKeepsNobodyFromStopping() throws Exception {
		this.fixture.serve(this.fixture.workload());
		try (HangingLog log = new HangingLog(SpireIdentity.class.getName(), "may become the agent of its node")) {
			SpireIdentity identity = this.fixture.build(this.fixture.builder().allowNodeIdentity(true));
			Thread starter = new Thread(identity::start);
			starter.start();
			log.awaitHanging();
			Thread stopper = new Thread(identity::stop);
			stopper.start();
			stopper.join(Patience.MILLIS);
			assertThat(stopper.isAlive()).isFalse();
			assertThat(starter.isAlive()).isTrue();
		}
	}

	@Test
	void nothingIsSentAfterAStop() throws IOException {
		this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.build(this.fixture.builder());
		identity.stop();
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(identity::x509Svid)
			.satisfies((ex) -> assertThat(ex.state()).isEqualTo(SpireState.STARTING));
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(identity::trustBundle);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity.jwtSvid("a"));
		assertThat(this.fixture.server().journal().connections()).isZero();
	}

	@Test
	void statusIsPostedOnceWhereTheServerDoesNotKnowThat(CapturedOutput output) throws IOException {
		this.fixture.serve(this.fixture.workload().behaveAs(SpireRelease.V1_14));
		this.fixture.ready(this.fixture.builder().allowNodeIdentity(true));
		this.fixture.awaitVisits(2);
		assertThat(this.fixture.calls(SpireMethod.POST_STATUS)).isEqualTo(1);
		assertThat(this.fixture.server().journal().lastAgentVersion()).isNull();
		assertThat(output).doesNotContain("UNEXPECTED", "PERMISSION_DENIED");
	}

	@Test
	void jwtSvidIsWaitedForFromTheStartOn() throws IOException {
		this.fixture.serve(this.fixture.workload());
		assertThat(this.fixture.start().jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
	}

	@Test
	void stopEndsTheWaitForAJwtSvid() throws IOException {
		this.fixture.serve(this.fixture.workload());
		this.fixture.pod().removeToken();
		SpireIdentity identity = this.fixture.start();
		FutureTask<JwtSvid> call = new FutureTask<>(() -> identity.jwtSvid("bank"));
		Thread thread = new Thread(call);
		thread.start();
		this.fixture.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
		identity.stop();
		assertThat(call).failsWithin(Patience.LIMIT)
			.withThrowableOfType(ExecutionException.class)
			.withCauseExactlyInstanceOf(SvidUnavailableException.class);
	}

	@Test
	void tokenThatComesLateIsUsedAtOnce() throws IOException {
		this.fixture.serve(this.fixture.workload());
		this.fixture.pod().removeToken();
		this.fixture.start();
		this.fixture.awaitReason("TOKEN_UNAVAILABLE");
		assertThat(this.fixture.status().state()).isEqualTo(SpireState.ATTESTING);
		this.fixture.pod().rotate();
		this.fixture.awaitState(SpireState.READY);
	}

	@Test
	void attestorThatThrowsWhatNobodyDeclaredEndsNothing() throws IOException {
		this.fixture.serve(this.fixture.workload());
		AtomicBoolean failing = new AtomicBoolean(true);
		PsatAttestor attestor = IdentityFixture.attestor(this.fixture.source(this.fixture.pod()));
		this.fixture.start(this.fixture.builder(() -> {
			if (failing.get()) {
				throwUnchecked(new IOException("secret"));
			}
			return attestor.payload();
		}));
		this.fixture.awaitReason("UNEXPECTED");
		assertThat(this.fixture.lastError().message()).contains("java.io.IOException").doesNotContain("secret");
		assertThat(this.fixture.outcomes()).contains("attested unexpected");
		failing.set(false);
		this.fixture.awaitState(SpireState.READY);
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void throwUnchecked(Throwable throwable) throws T {
		throw (T) throwable;
	}

	@Test
	void svidIsRenewedAtHalfOfItsLife() throws IOException {
		this.fixture.serve(this.fixture.workload());
		X509Svid first = this.fixture.ready().x509Svid();
		this.fixture.time().pass(Duration.ofMinutes(26));
		this.fixture.awaitVisits(2);
		assertThat(this.fixture.generation()).isEqualTo(1);
		this.fixture.time().pass(Duration.ofMinutes(1));
		this.fixture.await().until(() -> this.fixture.generation() == 2);
		X509Svid second = this.fixture.identity().x509Svid();
		assertThat(second.serialNumber()).isNotEqualTo(first.serialNumber());
		assertThat(second.leaf().getPublicKey()).isNotEqualTo(first.leaf().getPublicKey());
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	@Test
	void renewalIsNotSleptThroughHoweverRareTheVisits() throws IOException {
		this.fixture.serve(this.fixture.workload().x509SvidTtl(Duration.ofSeconds(2)));
		this.fixture.start(this.fixture.builder().refreshInterval(Duration.ofHours(1)));
		this.fixture.await().until(() -> this.fixture.generation() > 1);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(longs = { -90, 90 })
	void clockThatIsOffIsToldAndDoesNoHarm(long serverAhead, CapturedOutput output) throws IOException {
		this.fixture.time().setOthersAhead(Duration.ofSeconds(serverAhead));
		this.fixture.serve(this.fixture.workload());
		// the API server rejects tokens from a clock that is far ahead of its own
		this.fixture.pod().rotateWithClockSkew(Duration.ofSeconds(-Math.abs(serverAhead)));
		this.fixture.ready();
		this.fixture.awaitVisits(3);
		assertThat(this.fixture.status()).satisfies((status) -> {
			assertThat(status.state()).isEqualTo(SpireState.READY);
			assertThat(status.clockSkew()).isBetween(Duration.ofSeconds(serverAhead - 5),
					Duration.ofSeconds(serverAhead + 1));
			assertThat(status.lastError()).isNull();
		});
		assertThat(this.fixture.identity().x509Svid().spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(this.fixture.identity().jwtSvid("bank").spiffeId()).hasToString(IdentityFixture.ORDERS);
		assertThat(this.fixture.generation()).isEqualTo(1);
		assertThat(this.fixture.calls(SpireMethod.ATTEST_AGENT)).isEqualTo(1);
		assertThat(output.getOut().lines().filter((line) -> line.contains("The clock of the SPIRE Server")))
			.singleElement()
			.asString()
			.contains("WARN", (serverAhead > 0) ? "ahead of this one" : "behind this one");
	}

	/**
	 * More than a JWT-SVID lives.
	 */
	@ParameterizedTest
	@ValueSource(longs = { -420, 420 })
	void jwtSvidIsTakenAndReplacedHoweverFarTheClockIsOff(long serverAhead) throws IOException {
		this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		this.fixture.time().setOthersAhead(Duration.ofSeconds(serverAhead));
		JwtSvid svid = identity.jwtSvid("bank");
		assertThat(Duration.between(svid.issuedAt(), svid.expiresAt())).isEqualTo(Duration.ofMinutes(5));
		assertThat(identity.jwtSvid("bank")).isSameAs(svid);
		this.fixture.time().pass(Duration.ofMinutes(3));
		assertThat(identity.jwtSvid("bank").issuedAt()).isAfterOrEqualTo(svid.issuedAt().plus(Duration.ofMinutes(3)));
	}

	@Test
	void stoppedIdentityServesAndStartsAgain() throws IOException {
		this.fixture.serve(this.fixture.workload());
		SpireIdentity identity = this.fixture.ready();
		X509Svid svid = identity.x509Svid();
		// the first visit posts the status, last of all
		this.fixture.awaitVisits(1);
		identity.stop();
		assertThat(identity.x509Svid()).isSameAs(svid);
		assertThat(identity.status().state()).isEqualTo(SpireState.READY);
		assertThatExceptionOfType(SvidUnavailableException.class).isThrownBy(() -> identity.jwtSvid("a"));
		identity.start();
		assertThat(identity.jwtSvid("a").spiffeId()).hasToString(IdentityFixture.ORDERS);
		this.fixture.awaitVisits(1);
		assertThat(this.fixture.calls(SpireMethod.POST_STATUS)).as("Once for the whole process").isEqualTo(1);
		identity.close();
		assertThatIllegalStateException().isThrownBy(identity::start);
		assertThat(RunningThreads.named("psat-spire")).isEmpty();
	}

}
