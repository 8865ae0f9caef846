package dev.psat.spire.workload;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.FederationState;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.support.FailingLog;
import dev.psat.support.HangingLog;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.workload.client.TestWorkloadFailure;
import dev.psat.spire.workload.client.WorkloadFailureReason;
import dev.psat.spire.workload.client.WorkloadX509Svid;
import dev.psat.spire.workload.client.WorkloadX509Update;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link HeldStream} and {@link X509Keeper}.
 */
@ExtendWith(OutputCaptureExtension.class)
class X509StreamTests {

	private final ScriptedAgent agent = new ScriptedAgent();

	@Test
	void nothingIsServedBeforeTheFirstMessage() {
		assertThat(this.agent.state()).isEqualTo(SpireState.STARTING);
		this.agent.failure(WorkloadFailureReason.SOCKET_MISSING);
		assertThat(this.agent.state()).isEqualTo(SpireState.CONNECTING);
		assertThat(this.agent.reason()).isEqualTo("SOCKET_MISSING");
		this.agent.failure(WorkloadFailureReason.NO_IDENTITY);
		assertThat(this.agent.state()).isEqualTo(SpireState.WAITING_FOR_ENTRY);
		assertThat(this.agent.snapshot().trust().own()).isNull();
	}

	@Test
	void messageReplacesEverything() {
		this.agent.failure(WorkloadFailureReason.UNAVAILABLE);
		this.agent.message(this.agent.svid("orders", null));
		assertThat(this.agent.state()).isEqualTo(SpireState.READY);
		assertThat(this.agent.reason()).isNull();
		assertThat(this.agent.view().tls().svid()).isNotNull();
		assertThat(this.agent.view().tls().trustBundle())
			.isEqualTo(ScriptedAgent.bundle(ScriptedAgent.MINT.bundle().trustDomain(), ScriptedAgent.MINT));
		assertThat(this.agent.renewed).containsExactly("unavailable", "success");
		assertThat(this.agent.refreshed).containsExactly("unavailable", "success");
	}

	@Test
	void authoritiesThatAreLeftOutAreToldOnceForEachTrustDomain(CapturedOutput output) {
		ScriptedAgent agent = new ScriptedAgent(new SvidPreference(null, null), ScriptedAgent.PARTNER);
		WorkloadX509Svid svid = agent.svid("orders", null);
		WorkloadX509Svid offered = new WorkloadX509Svid(svid.svid(), svid.privateKey(),
				ScriptedAgent.MINT.bundleWithCostlyAuthority(svid.trustBundle().trustDomain()));
		Map<TrustDomain, TrustBundle> federated = Map.of(ScriptedAgent.PARTNER,
				ScriptedAgent.OTHER.bundleWithCostlyAuthority(ScriptedAgent.PARTNER), TrustDomain.of("unlisted.org"),
				ScriptedAgent.OTHER.bundleWithCostlyAuthority(TrustDomain.of("unlisted.org")));
		agent.message(federated, offered);
		agent.message(federated, offered);
		assertThat(agent.state()).isEqualTo(SpireState.READY);
		assertThat(output).containsOnlyOnce("in the trust bundle of example.org are left out")
			.containsOnlyOnce("in the trust bundle of %s are left out".formatted(ScriptedAgent.PARTNER))
			.doesNotContain("trust bundle of unlisted.org");
	}

	@Test
	void sameMessageAgainIsNoNews() {
		WorkloadX509Svid svid = this.agent.svid("orders", null);
		this.agent.message(svid);
		int changes = this.agent.changes;
		this.agent.message(svid);
		assertThat(this.agent.changes).isEqualTo(changes);
		assertThat(this.agent.generation()).isOne();
		assertThat(this.agent.renewed).containsExactly("success");
		assertThat(this.agent.refreshed).containsExactly("success", "success");
	}

	@Test
	void newestMessageCountsEvenIfItsSvidIsOlder() {
		WorkloadX509Svid older = this.agent.svid("orders", null);
		this.agent.time.pass(Duration.ofMinutes(5));
		this.agent.message(this.agent.svid("orders", null));
		this.agent.message(older);
		assertThat(this.agent.generation()).isEqualTo(2);
		assertThat(this.agent.snapshot().svid()).isNotNull()
			.satisfies((held) -> assertThat(held.svid()).isSameAs(older.svid()));
	}

	@Test
	void revokedAuthorityIsNotTrustedEvenThoughTheSvidIsStillOneOfIts() {
		WorkloadX509Svid held = this.agent.svid("orders", null);
		TrustBundle next = ScriptedAgent.bundle(held.trustBundle().trustDomain(), ScriptedAgent.OTHER);
		this.agent.message(held);
		for (WorkloadX509Svid offered : List.of(held, this.agent.svid("orders", null))) {
			this.agent.message(new WorkloadX509Svid(offered.svid(), offered.privateKey(), next));
			assertThat(this.agent.view().tls().trustBundle()).isEqualTo(next);
			assertThat(this.agent.snapshot().svid()).isNotNull()
				.satisfies((svid) -> assertThat(svid.svid()).isSameAs(held.svid()));
			assertThat(this.agent.state()).isEqualTo(SpireState.READY);
			assertThat(this.agent.reason()).isEqualTo("INVALID_SVID");
		}
		this.agent.message(this.agent.svid(ScriptedAgent.OTHER, "spiffe://example.org/orders", null));
		assertThat(this.agent.generation()).isEqualTo(2);
		assertThat(this.agent.reason()).isNull();
	}

	@Test
	void idThatIsReplacedByOneOfARevokedAuthorityIsUsedForThirtySeconds() {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.message(revoked("returns"));
		assertThat(this.agent.id()).isEqualTo("/orders");
		assertThat(this.agent.reason()).isEqualTo("INVALID_SVID");
		this.agent.pass(Duration.ofSeconds(28));
		assertThat(this.agent.id()).isEqualTo("/orders");
		this.agent.pass(Duration.ofSeconds(1));
		assertThat(this.agent.id()).isNull();
		assertThat(this.agent.view().tls().trustBundle()).isNull();
	}

	@Test
	void withdrawalIsNotEndedByAnotherIdOfARevokedAuthority() {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.failure(WorkloadFailureReason.NO_IDENTITY);
		this.agent.pass(Duration.ofSeconds(20));
		this.agent.message(revoked("returns"));
		this.agent.pass(Duration.ofSeconds(10));
		assertThat(this.agent.id()).isNull();
	}

	@Test
	void withdrawalIsEndedByTheSameIdOfARevokedAuthority() {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.failure(WorkloadFailureReason.NO_IDENTITY);
		this.agent.pass(Duration.ofSeconds(20));
		this.agent.message(revoked("orders"));
		this.agent.pass(Duration.ofMinutes(1));
		assertThat(this.agent.id()).isEqualTo("/orders");
	}

	private WorkloadX509Svid revoked(String name) {
		WorkloadX509Svid svid = this.agent.svid(name, null);
		return new WorkloadX509Svid(svid.svid(), svid.privateKey(),
				ScriptedAgent.bundle(svid.trustBundle().trustDomain(), ScriptedAgent.OTHER));
	}

	@Test
	void svidOfARevokedAuthorityIsNoBeginning() {
		WorkloadX509Svid svid = this.agent.svid("orders", null);
		this.agent.message(new WorkloadX509Svid(svid.svid(), svid.privateKey(),
				ScriptedAgent.bundle(svid.trustBundle().trustDomain(), ScriptedAgent.OTHER)));
		assertThat(this.agent.state()).isEqualTo(SpireState.CONNECTING);
		assertThat(this.agent.reason()).isEqualTo("INVALID_SVID");
		assertThat(this.agent.snapshot().trust().own()).isNull();
	}

	@Test
	void endOfALongStreamIsNoErrorAndTheNextBeginsAtOnce() {
		assertThat(this.agent.message(this.agent.svid("orders", null))).isZero();
		Duration pause = this.agent.x509((listener) -> {
			listener.accept(new WorkloadX509Update(List.of(this.agent.svid("orders", null)), Map.of()));
			this.agent.time.pass(Duration.ofMinutes(1));
			throw TestWorkloadFailure.of(WorkloadFailureReason.UNREACHABLE);
		});
		assertThat(pause).isZero();
		assertThat(this.agent.reason()).isNull();
		this.agent.failure(WorkloadFailureReason.NOBODY_LISTENS);
		assertThat(this.agent.reason()).isEqualTo("NOBODY_LISTENS");
		assertThat(this.agent.state()).isEqualTo(SpireState.READY);
	}

	@Test
	void streamThatEndsAtOnceIsNotBegunAgainAtOnce() {
		Duration pause = this.agent.x509((listener) -> listener
			.accept(new WorkloadX509Update(List.of(this.agent.svid("orders", null)), Map.of())));
		assertThat(pause).isPositive();
		assertThat(this.agent.reason()).isNull();
		assertThat(this.agent.x509((listener) -> {
		})).isPositive();
		assertThat(this.agent.reason()).isEqualTo("UNAVAILABLE");
	}

	@Test
	void pausesStayShortForThreeMinutesAndForAnOutage() {
		this.agent.time.draw(0.999);
		Duration longest = Duration.ZERO;
		for (int i = 0; i < 20; i++) {
			longest = this.agent.failure(WorkloadFailureReason.NO_IDENTITY);
		}
		assertThat(longest).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(5));
		this.agent.time.pass(Duration.ofMinutes(3));
		assertThat(this.agent.failure(WorkloadFailureReason.NO_IDENTITY)).isBetween(Duration.ofSeconds(29),
				Duration.ofSeconds(30));
		assertThat(this.agent.failure(WorkloadFailureReason.SOCKET_MISSING)).isLessThanOrEqualTo(Duration.ofSeconds(5));
	}

	@Test
	void pausesStayShortWhileAnSvidIsInForce() {
		this.agent.time.draw(0.999);
		this.agent.message(this.agent.svid("orders", null));
		this.agent.failure(WorkloadFailureReason.UNAVAILABLE);
		this.agent.time.pass(Duration.ofMinutes(10));
		for (int i = 0; i < 20; i++) {
			assertThat(this.agent.failure(WorkloadFailureReason.UNAVAILABLE))
				.isLessThanOrEqualTo(Duration.ofSeconds(5));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "UNIMPLEMENTED", "INVALID_REQUEST" })
	void refusalForGoodIsToldAndHardlyAskedForAgain(WorkloadFailureReason reason) {
		assertThat(this.agent.failure(reason)).isEqualTo(Duration.ofMinutes(10));
		assertThat(this.agent.reason()).isEqualTo(reason.name());
	}

	@Test
	void refusalWithdrawsTheSvidAfterThirtySeconds(CapturedOutput output) {
		this.agent.message(this.agent.svid("refused", null));
		this.agent.failure(WorkloadFailureReason.NO_IDENTITY);
		assertThat(this.agent.state()).isEqualTo(SpireState.READY);
		assertThat(this.agent.reason()).isEqualTo("NO_IDENTITY");
		this.agent.pass(Duration.ofMillis(29_900));
		this.agent.failure(WorkloadFailureReason.NO_IDENTITY);
		assertThat(this.agent.state()).isEqualTo(SpireState.READY);
		this.agent.pass(Duration.ofMillis(100));
		assertThat(this.agent.state()).isEqualTo(SpireState.WAITING_FOR_ENTRY);
		assertThat(this.agent.view().tls().svid()).isNull();
		assertThat(this.agent.view().tls().trustBundle()).isNull();
		assertThat(this.agent.status().trustBundle()).isNull();
		assertThat(this.agent.reason()).isEqualTo("NO_IDENTITY");
		await()
			.untilAsserted(() -> assertThat(output).containsOnlyOnce("spiffe://example.org/refused is no longer used"));
	}

	@Test
	void logThatHangsHoldsUpNobodyWhoAsks() {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.failure(WorkloadFailureReason.NO_IDENTITY);
		this.agent.time.pass(Duration.ofSeconds(30));
		try (HangingLog log = new HangingLog(SpireIdentity.class.getName(), "is no longer used")) {
			assertThat(this.agent.view().tls().svid()).isNull();
			log.awaitHanging();
			assertThat(this.agent.view().tls().svid()).isNull();
			assertThat(this.agent.state()).isEqualTo(SpireState.WAITING_FOR_ENTRY);
		}
	}

	@Test
	void logThatFailsIsNoFailureOfTheStream() {
		FailingLog log = new FailingLog(SpireIdentity.class.getName());
		try (log) {
			this.agent.message(this.agent.svid("orders", null));
			assertThat(this.agent.reason()).isNull();
			assertThat(this.agent.renewed).containsExactly("success");
		}
	}

	@Test
	void refusalThatAnAgentDoesNotSurviveWithdrawsAsWell() {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.failure(WorkloadFailureReason.NO_IDENTITY);
		this.agent.failure(WorkloadFailureReason.SOCKET_MISSING);
		this.agent.pass(Duration.ofSeconds(30));
		assertThat(this.agent.state()).isEqualTo(SpireState.WAITING_FOR_ENTRY);
	}

	@Test
	void refusalOfASuspendedMachineCountsByTheWallClock() {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.failure(WorkloadFailureReason.NO_IDENTITY);
		this.agent.time.step(Duration.ofSeconds(30));
		this.agent.failure(WorkloadFailureReason.NO_IDENTITY);
		assertThat(this.agent.state()).isEqualTo(SpireState.WAITING_FOR_ENTRY);
	}

	@Test
	void outageWithdrawsNothing() {
		this.agent.message(this.agent.svid("orders", null));
		for (int i = 0; i < 20; i++) {
			this.agent.failure(WorkloadFailureReason.SOCKET_MISSING);
			this.agent.pass(Duration.ofMinutes(1));
		}
		assertThat(this.agent.state()).isEqualTo(SpireState.READY);
	}

	@Test
	void exchangedEntryIsTakenAtOnce(CapturedOutput output) {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.failure(WorkloadFailureReason.NO_IDENTITY);
		this.agent.pass(Duration.ofMillis(600));
		this.agent.message(this.agent.svid("returns", null));
		assertThat(this.agent.id()).isEqualTo("/returns");
		assertThat(output).containsOnlyOnce("spiffe://example.org/orders is no longer offered by the agent: "
				+ "spiffe://example.org/returns is used");
		this.agent.pass(Duration.ofMinutes(1));
		assertThat(this.agent.state()).isEqualTo(SpireState.READY);
	}

	@Test
	void withdrawnIdentityComesBackWithAnotherSubject() {
		WorkloadX509Svid svid = this.agent.svid("orders", null);
		this.agent.message(svid);
		String before = version();
		this.agent.message(this.agent.svid("orders", null));
		assertThat(version()).isEqualTo(before);
		this.agent.failure(WorkloadFailureReason.NO_IDENTITY);
		this.agent.pass(Duration.ofSeconds(30));
		this.agent.message(svid);
		assertThat(this.agent.generation()).isEqualTo(3);
		assertThat(version()).isNotEqualTo(before);
	}

	private String version() {
		HeldSvid held = this.agent.snapshot().svid();
		return (held != null) ? held.subject().version() : "";
	}

	@Test
	void svidServesUntilItExpires() {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.failure(WorkloadFailureReason.NOBODY_LISTENS);
		this.agent.pass(Duration.ofMinutes(35));
		assertThat(this.agent.state()).isEqualTo(SpireState.READY);
		int changes = this.agent.changes;
		this.agent.pass(Duration.ofMinutes(1));
		assertThat(this.agent.state()).isEqualTo(SpireState.RENEWAL_FAILING);
		assertThat(this.agent.changes).isEqualTo(changes + 1);
		assertThat(this.agent.reason()).isEqualTo("NOBODY_LISTENS");
		this.agent.pass(Duration.ofMinutes(25));
		assertThat(this.agent.state()).isEqualTo(SpireState.EXPIRED);
		assertThat(this.agent.changes).isEqualTo(changes + 2);
	}

	@Test
	void agentThatHasLostItsServerIsToldFromOneThatIsAway() {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.pass(Duration.ofMinutes(36));
		assertThat(this.agent.state()).isEqualTo(SpireState.RENEWAL_FAILING);
		assertThat(this.agent.status().lastError()).isNotNull().satisfies((error) -> {
			assertThat(error.reason()).isEqualTo("NOT_RENEWED");
			assertThat(error.advice()).contains("reaches its SPIRE Server");
		});
	}

	@Test
	void severalSvidsWithoutAWishAreAmbiguous() {
		this.agent.message(this.agent.svid("orders", "internal"), this.agent.svid("returns", null));
		assertThat(this.agent.state()).isEqualTo(SpireState.WAITING_FOR_ENTRY);
		assertThat(this.agent.status().lastError()).isNotNull().satisfies((error) -> {
			assertThat(error.reason()).isEqualTo("AMBIGUOUS_ENTRY");
			assertThat(error.message()).contains("spiffe://example.org/orders (hint 'internal')",
					"spiffe://example.org/returns");
		});
		assertThat(this.agent.status().candidates()).isEqualTo(2);
		assertThat(this.agent.snapshot().trust().own()).isNull();
	}

	@Test
	void idInForceStaysWhileItIsOffered(CapturedOutput output) {
		this.agent.message(this.agent.svid("returns", null));
		for (int i = 0; i < 2; i++) {
			this.agent.message(this.agent.svid("orders", null), this.agent.svid("returns", null));
			assertThat(this.agent.id()).isEqualTo("/returns");
			assertThat(this.agent.reason()).isNull();
		}
		assertThat(output).containsOnlyOnce("remains the identity until the next start");
		this.agent.message(this.agent.svid("orders", null));
		assertThat(this.agent.id()).isEqualTo("/orders");
	}

	@Test
	void idThatIsWithdrawnForSeveralOthersIsUsedForThirtySeconds() {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.message(this.agent.svid("returns", null), this.agent.svid("bills", null));
		assertThat(this.agent.id()).isEqualTo("/orders");
		assertThat(this.agent.reason()).isEqualTo("AMBIGUOUS_ENTRY");
		this.agent.pass(Duration.ofSeconds(29));
		assertThat(this.agent.state()).isEqualTo(SpireState.WAITING_FOR_ENTRY);
	}

	@Test
	void wishIsMetOrNothingIsServed() {
		ScriptedAgent agent = new ScriptedAgent(new SvidPreference(null, "external"));
		agent.message(agent.svid("orders", "internal"));
		assertThat(agent.state()).isEqualTo(SpireState.WAITING_FOR_ENTRY);
		assertThat(agent.reason()).isEqualTo("NO_ENTRY");
		agent.message(agent.svid("orders", "internal"), agent.svid("returns", "external"));
		assertThat(agent.id()).isEqualTo("/returns");
		agent.message(agent.svid("orders", "internal"));
		assertThat(agent.id()).isEqualTo("/returns");
		agent.pass(Duration.ofSeconds(30));
		assertThat(agent.id()).isNull();
		ScriptedAgent byId = new ScriptedAgent(
				new SvidPreference(SpiffeId.parse("spiffe://example.org/returns"), null));
		byId.message(byId.svid("orders", null), byId.svid("returns", null));
		assertThat(byId.id()).isEqualTo("/returns");
	}

	@Test
	void hintThatMovesToAnotherIdIsNotToldAsAnIdThatIsGone(CapturedOutput output) {
		ScriptedAgent agent = new ScriptedAgent(new SvidPreference(null, "internal"));
		agent.message(agent.svid("orders", "internal"), agent.svid("returns", null));
		agent.message(agent.svid("orders", null), agent.svid("returns", "internal"));
		assertThat(agent.id()).isEqualTo("/returns");
		assertThat(output).doesNotContain("is no longer offered")
			.containsOnlyOnce("spiffe://example.org/orders no longer has 'spire.svid.hint=internal': "
					+ "spiffe://example.org/returns is used");
	}

	@Test
	void anotherTrustDomainIsAcceptedWithAWarning(CapturedOutput output) {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.message(this.agent.svid(ScriptedAgent.OTHER, "spiffe://partner.org/orders", null));
		assertThat(this.agent.status().trustDomain()).isEqualTo(ScriptedAgent.PARTNER);
		assertThat(this.agent.view().isOwn(ScriptedAgent.PARTNER)).isTrue();
		assertThat(this.agent.status().trustBundle()).isNotNull()
			.satisfies((bundle) -> assertThat(bundle.generation()).isEqualTo(2));
		assertThat(output).containsOnlyOnce("The trust domain has changed from example.org to partner.org");
	}

	@Test
	void whatIsConfiguredAndOfferedIsTrusted(CapturedOutput output) {
		ScriptedAgent agent = new ScriptedAgent(new SvidPreference(null, null), ScriptedAgent.PARTNER,
				ScriptedAgent.MINT.bundle().trustDomain());
		agent.message(
				Map.of(ScriptedAgent.PARTNER, ScriptedAgent.bundle(ScriptedAgent.PARTNER, ScriptedAgent.OTHER),
						ScriptedAgent.STRANGER, ScriptedAgent.bundle(ScriptedAgent.STRANGER, ScriptedAgent.OTHER)),
				agent.svid("orders", null));
		assertThat(agent.status().federation()).singleElement().satisfies((federation) -> {
			assertThat(federation.trustDomain()).isEqualTo(ScriptedAgent.PARTNER);
			assertThat(federation.state()).isEqualTo(FederationState.TRUSTED);
		});
		assertThat(agent.view().federation().bundle(ScriptedAgent.STRANGER, true)).isNull();
		agent.message(agent.svid("orders", null));
		assertThat(agent.status().federation()).singleElement()
			.satisfies((federation) -> assertThat(federation.state()).isEqualTo(FederationState.NOT_FEDERATED));
		assertThat(output).containsOnlyOnce("'spire.federates-with' lists example.org, which is the own trust domain");
		assertThat(output).contains("federates with [stranger.org]", "No longer trusting workloads of partner.org");
	}

	@Test
	void errorInTheMiddleEndsNothing() {
		this.agent.message(this.agent.svid("orders", null));
		assertThat(this.agent.x509((listener) -> {
			throw new OutOfMemoryError("on purpose");
		})).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
		assertThat(this.agent.reason()).isEqualTo("UNEXPECTED");
		this.agent.message(this.agent.svid("orders", null));
		assertThat(this.agent.reason()).isNull();
	}

	@Test
	void messageForARunThatIsOverIsIgnored() {
		this.agent.message(this.agent.svid("orders", null));
		this.agent.stopping = true;
		this.agent.message(this.agent.svid("returns", null));
		this.agent.failure(WorkloadFailureReason.NO_IDENTITY);
		assertThat(this.agent.id()).isEqualTo("/orders");
		assertThat(this.agent.reason()).isNull();
	}

	@Test
	void interruptOfAnObserverEndsNoStream() {
		this.agent.x509((listener) -> {
			Thread.currentThread().interrupt();
			listener.accept(new WorkloadX509Update(List.of(this.agent.svid("orders", null)), Map.of()));
			assertThat(Thread.currentThread().isInterrupted()).isFalse();
		});
	}

}
