package dev.psat.spire.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.client.SpireClient;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.ManualTime;
import dev.psat.spire.internal.Renewal;
import dev.psat.spire.internal.TestSvid;
import dev.psat.spire.internal.VisitException;
import dev.psat.support.FailingLog;
import dev.psat.support.HangingLog;
import dev.psat.support.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AgentKeeper}. The connections of its agents are real and never used.
 */
@ExtendWith(OutputCaptureExtension.class)
class AgentKeeperTests {

	private static final Duration LIFETIME = Duration.ofHours(1);

	private final SvidMint authority = new SvidMint();

	private final SpireClient client = SpireClient
		.builder(new ServerAddress("127.0.0.1", 1), TrustDomain.of("example.org"), this.authority::bundle)
		.build();

	private final ManualTime time = new ManualTime();

	private @Nullable HeldSvid held = TestSvid.held(1, this.time.time());

	private final AgentKeeper keeper = new AgentKeeper(() -> this.held, this.time.time());

	@AfterEach
	void close() {
		this.client.close();
	}

	@Test
	void withoutAnAgentAttestationIsDueWhereThereIsANeed() {
		assertThat(isDue(Attestation.Need.CALL)).isTrue();
		assertThat(isDue(Attestation.Need.RENEWAL)).isTrue();
		assertThat(isDue(Attestation.Need.NONE)).isFalse();
	}

	@ParameterizedTest
	@EnumSource
	void agentIsReplacedInItsTimeWithoutNeed(Attestation.Need need) throws Exception {
		attest();
		assertThat(isDue(need)).isFalse();
		this.time.pass(Duration.ofSeconds(3149));
		assertThat(isDue(need)).isFalse();
		this.time.pass(Duration.ofSeconds(1));
		assertThat(isDue(need)).isTrue();
	}

	@Test
	void agentIsReplacedWhenItsAuthorityIsTaintedOrGone() throws Exception {
		attest();
		assertThat(this.keeper.isAttestationDue(Attestation.Need.NONE, this.authority.taintedBundle())).isTrue();
		assertThat(this.keeper.isAttestationDue(Attestation.Need.NONE, new SvidMint().bundle())).isTrue();
	}

	@Test
	void agentIsOfUseWhileItIsInForce() {
		Agent agent = attest();
		this.time.pass(LIFETIME);
		this.keeper.closeUnlessVouchedFor(this.authority.bundle());
		this.keeper.closeUnlessVouchedFor(this.authority.taintedBundle());
		assertThat(this.keeper.current()).isSameAs(agent);
		this.time.pass(Duration.ofMillis(1));
		this.keeper.closeUnlessVouchedFor(this.authority.bundle());
		assertThat(this.keeper.current()).isNull();
		assertThat(isClosed(agent)).isTrue();
		assertThat(isDue(Attestation.Need.NONE)).isTrue();
	}

	@Test
	void agentIsOfNoUseOnceNoAuthorityVouchesForIt() {
		Agent agent = attest();
		this.keeper.closeUnlessVouchedFor(new SvidMint().bundle());
		assertThat(this.keeper.current()).isNull();
		assertThat(isClosed(agent)).isTrue();
		assertThat(isDue(Attestation.Need.NONE)).isTrue();
	}

	@Test
	void replacedAgentIsClosed() throws Exception {
		Agent first = attest();
		Agent second = attest();
		assertThat(this.keeper.current()).isSameAs(second);
		assertThat(isClosed(first)).isTrue();
		assertThat(isClosed(second)).isFalse();
	}

	@Test
	void failedAttestationLeavesTheAgent() throws Exception {
		Agent agent = attest();
		assertRefused(failure(FailureReason.UNREACHABLE));
		assertThat(this.keeper.current()).isSameAs(agent);
		assertThat(isClosed(agent)).isFalse();
		assertThat(this.keeper.mayAttest(Attestation.Need.NONE)).isTrue();
	}

	@Test
	void deadAgentIsClosedAndWaitsForNeed() throws Exception {
		Agent agent = attest();
		this.keeper.died(agent, failure(FailureReason.AGENT_NOT_ATTESTED));
		assertThat(this.keeper.current()).isNull();
		assertThat(isClosed(agent)).isTrue();
		assertThat(isDue(Attestation.Need.NONE)).isFalse();
		assertThat(isDue(Attestation.Need.RENEWAL)).isTrue();
	}

	@Test
	void deathOfAPredecessorIsNoNews() throws Exception {
		Agent first = attest();
		Agent second = attest();
		for (int i = 0; i < 3; i++) {
			this.keeper.died(first, failure(FailureReason.AGENT_NOT_ACTIVE));
		}
		assertThat(this.keeper.current()).isSameAs(second);
		assertThat(this.keeper.conflict()).isNull();
	}

	@Test
	void deathIsRememberedUntilThereIsASuccessor() throws Exception {
		Agent first = attest();
		assertThat(this.keeper.deathOf(first)).isNull();
		VisitException death = failure(FailureReason.AGENT_NOT_ACTIVE);
		this.keeper.died(first, death);
		this.keeper.died(first, failure(FailureReason.AGENT_EXPIRED));
		assertThat(this.keeper.deathOf(first)).isSameAs(death);
		Agent second = attest();
		assertThat(this.keeper.deathOf(first)).isNull();
		this.keeper.died(first, death);
		this.keeper.close();
		assertThat(this.keeper.deathOf(first)).isNull();
		assertThat(this.keeper.deathOf(second)).isNull();
	}

	@Test
	void banStandsForTenMinutes() throws Exception {
		VisitException ban = failure(FailureReason.AGENT_BANNED);
		assertRefused(ban);
		assertMayNotAttest(ban);
		this.time.pass(Duration.ofMinutes(10).minusNanos(1));
		assertMayNotAttest(ban);
		this.time.pass(Duration.ofNanos(1));
		assertThat(this.keeper.mayAttest(Attestation.Need.NONE)).isTrue();
		VisitException again = failure(FailureReason.AGENT_BANNED);
		assertRefused(again);
		assertMayNotAttest(again);
	}

	@Test
	void pauseIsWhatIsLeftOfABan() throws Exception {
		assertThat(this.keeper.pause()).isZero();
		assertRefused(failure(FailureReason.AGENT_BANNED));
		this.time.pass(Duration.ofMinutes(4));
		assertThat(this.keeper.pause()).isEqualTo(Duration.ofMinutes(6));
		this.time.pass(Duration.ofMinutes(7));
		assertThat(this.keeper.pause()).isZero();
	}

	@Test
	void pauseIsWhatIsLeftOfAConflict() throws Exception {
		for (int i = 0; i < 2; i++) {
			this.keeper.died(attest(), failure(FailureReason.AGENT_NOT_ACTIVE));
		}
		this.time.pass(Duration.ofMinutes(4));
		assertThat(this.keeper.pause()).isEqualTo(Duration.ofMinutes(11));
	}

	@Test
	void limitedRateStandsForFifteenSecondsWhateverTheNeed() throws Exception {
		Agent agent = attest();
		VisitException limited = failure(FailureReason.RATE_LIMITED);
		assertRefused(limited);
		this.time.pass(Duration.ofSeconds(15).minusNanos(1));
		assertMayNotAttest(limited);
		assertThat(this.keeper.current()).isSameAs(agent);
		this.time.pass(Duration.ofNanos(1));
		assertThat(this.keeper.mayAttest(Attestation.Need.NONE)).isTrue();
	}

	@Test
	void limitedRateReplacesNoBanThatACallHasMetMeanwhile() throws Exception {
		Agent agent = attest();
		VisitException ban = failure(FailureReason.AGENT_BANNED);
		this.keeper.begun();
		this.keeper.died(agent, ban);
		this.keeper.refused(failure(FailureReason.RATE_LIMITED));
		this.keeper.ended();
		this.time.pass(Duration.ofMinutes(1));
		assertMayNotAttest(ban);
		assertThat(this.keeper.pause()).isEqualTo(Duration.ofMinutes(9));
	}

	@Test
	void attestationEndsALimitedRate() throws Exception {
		assertRefused(failure(FailureReason.RATE_LIMITED));
		attest();
		assertThat(this.keeper.mayAttest(Attestation.Need.NONE)).isTrue();
	}

	@Test
	void limitedRateIsNoReasonToAttestWithoutNeedAndNoPauseOfVisits() {
		assertRefused(failure(FailureReason.RATE_LIMITED));
		assertThat(isDue(Attestation.Need.NONE)).isFalse();
		assertThat(this.keeper.pause()).isZero();
	}

	@Test
	void nodeIdentityHasNoPauseToWaitFor() {
		assertRefused(new VisitException(VisitException.OwnReason.NODE_IDENTITY, "on purpose", "None."));
		assertThat(this.keeper.pause()).isZero();
	}

	@Test
	void banThatACallMetStandsAsWell() throws Exception {
		VisitException ban = failure(FailureReason.AGENT_BANNED);
		this.keeper.died(attest(), ban);
		assertMayNotAttest(ban);
	}

	@Test
	void banIsAskedForWithoutNeedSinceNothingElseTellsThatItWasLifted() throws Exception {
		assertRefused(failure(FailureReason.AGENT_BANNED));
		assertThat(isDue(Attestation.Need.NONE)).isTrue();
		this.time.pass(Duration.ofMinutes(10));
		attest();
		assertThat(isDue(Attestation.Need.NONE)).isFalse();
		assertThat(this.keeper.mayAttest(Attestation.Need.NONE)).isTrue();
	}

	@Test
	void identityOfTheNodeStandsForGood() throws Exception {
		Agent agent = attest();
		VisitException node = new VisitException(VisitException.OwnReason.NODE_IDENTITY, "on purpose", "None.");
		assertRefused(node);
		assertThat(this.keeper.current()).isNull();
		assertThat(isClosed(agent)).isTrue();
		this.time.pass(Duration.ofDays(1));
		assertThat(isDue(Attestation.Need.NONE)).isTrue();
		assertMayNotAttest(node);
	}

	@Test
	void logThatHangsHoldsUpNobodyWhoAsks() throws Exception {
		Agent agent = attest();
		try (HangingLog log = new HangingLog(SpireIdentity.class.getName(), "no longer accepts the agent")) {
			Executor threads = (task) -> new Thread(task).start();
			CompletableFuture<Void> death = CompletableFuture
				.runAsync(() -> this.keeper.died(agent, failure(FailureReason.AGENT_EXPIRED)), threads);
			log.awaitHanging();
			assertThat(CompletableFuture.supplyAsync(() -> this.keeper.conflictPause(Attestation.Need.CALL), threads))
				.succeedsWithin(Patience.LIMIT);
			assertThat(death).isNotDone();
		}
	}

	@Test
	void logThatFailsFailsNobody() throws Exception {
		Agent agent = attest();
		try (FailingLog log = new FailingLog(SpireIdentity.class.getName())) {
			this.keeper.died(agent, failure(FailureReason.AGENT_EXPIRED));
		}
		assertThat(this.keeper.current()).isNull();
	}

	@Test
	void secondForeignEvictionIsAConflictThatIsToldOnce(CapturedOutput output) throws Exception {
		for (int i = 0; i < 3; i++) {
			assertThat(this.keeper.conflict() != null).isEqualTo(i > 1);
			this.time.pass(Duration.ofMinutes(1));
			this.keeper.died(attest(), failure(FailureReason.AGENT_NOT_ACTIVE));
		}
		assertThat(this.keeper.conflict()).isEqualTo(SpireStatus.LastError
			.builder("AGENT_NOT_ACTIVE", ManualTime.START.plus(Duration.ofMinutes(3)), "on purpose", "None.")
			.build());
		assertThat(output.getOut().lines().filter((line) -> line.contains("Another process attests"))).singleElement()
			.asString()
			.contains("WARN", "two containers", "use_pod_uid_for_agent_id");
		assertThat(this.keeper.mayAttest(Attestation.Need.RENEWAL)).isFalse();
		assertThat(this.keeper.mayAttest(Attestation.Need.CALL)).isTrue();
		attest(Attestation.Need.CALL);
		assertThat(this.keeper.mayAttest(Attestation.Need.CALL)).isFalse();
		this.time.pass(Duration.ofMinutes(1));
		assertThat(this.keeper.mayAttest(Attestation.Need.RENEWAL)).isFalse();
		assertThat(this.keeper.mayAttest(Attestation.Need.CALL)).isTrue();
		this.time.pass(Duration.ofMinutes(14));
		assertThat(this.keeper.mayAttest(Attestation.Need.RENEWAL)).isTrue();
		this.time.pass(Duration.ofMinutes(45));
		assertThat(this.keeper.conflict()).isNull();
	}

	@ParameterizedTest
	@EnumSource(value = FailureReason.class, names = { "CERTIFICATE_REFUSED", "AGENT_EXPIRED", "AGENT_NOT_ATTESTED",
			"AGENT_MUST_REATTEST", "AGENT_BANNED" })
	void otherDeathsAreNoConflict(FailureReason reason) throws Exception {
		for (int i = 0; i < 3; i++) {
			this.keeper.died(attest(), failure(reason));
		}
		assertThat(this.keeper.conflict()).isNull();
	}

	@Test
	void evictionsBeforeTheFirstSvidDoNotCount() throws Exception {
		this.held = null;
		for (int i = 0; i < 3; i++) {
			this.keeper.died(attest(), failure(FailureReason.AGENT_NOT_ACTIVE));
		}
		assertThat(this.keeper.conflict()).isNull();
		assertThat(this.keeper.mayAttest(Attestation.Need.RENEWAL)).isTrue();
	}

	@Test
	void evictionByOurOwnAttestationDoesNotCount() throws Exception {
		for (int i = 0; i < 3; i++) {
			Agent agent = attest();
			this.keeper.begun();
			// what a call of another thread meets meanwhile
			this.keeper.died(agent, failure(FailureReason.AGENT_NOT_ACTIVE));
			this.keeper.attested(newAgent(), Attestation.Need.RENEWAL);
			this.keeper.ended();
		}
		assertThat(this.keeper.conflict()).isNull();
	}

	@Test
	void attestationThatEndsWithAnErrorIsOver() {
		Agent agent = attest();
		this.keeper.begun();
		this.keeper.ended();
		assertThat(this.keeper.isUnattested()).isTrue();
		for (int i = 0; i < 2; i++) {
			this.keeper.died((i == 0) ? agent : attest(), failure(FailureReason.AGENT_NOT_ACTIVE));
		}
		assertThat(this.keeper.conflict()).isNotNull();
	}

	@Test
	void nothingIsLeftOpen() throws Exception {
		Agent agent = attest();
		this.keeper.close();
		this.keeper.close();
		assertThat(this.keeper.current()).isNull();
		assertThat(isClosed(agent)).isTrue();
	}

	@Test
	void onlyTheServersWordIsDeath() {
		assertThat(FailureReason.values()).filteredOn(AgentKeeper::isDeath)
			.containsExactlyInAnyOrder(FailureReason.CERTIFICATE_REFUSED, FailureReason.AGENT_EXPIRED,
					FailureReason.AGENT_NOT_ATTESTED, FailureReason.AGENT_NOT_ACTIVE, FailureReason.AGENT_MUST_REATTEST,
					FailureReason.AGENT_BANNED);
	}

	private boolean isDue(Attestation.Need need) {
		return this.keeper.isAttestationDue(need, this.authority.bundle());
	}

	private Agent attest() {
		return attest(Attestation.Need.RENEWAL);
	}

	private Agent attest(Attestation.Need need) {
		Agent agent = newAgent();
		this.keeper.begun();
		assertThat(this.keeper.isUnattested()).isTrue();
		this.keeper.attested(agent, need);
		this.keeper.ended();
		assertThat(this.keeper.isUnattested()).isFalse();
		return agent;
	}

	private Agent newAgent() {
		X509Svid svid = this.authority.issue("spiffe://example.org/spire/agent/k8s_psat/demo/pod/" + TestClaims.POD_UID,
				this.time.time().now(), LIFETIME);
		return new Agent(new ServerAddress("localhost", 8081), svid,
				this.client.connect(svid, KeyType.EC_P256.generate()), TestClaims.POD,
				Renewal.of(svid, 0.80, 0.95, this.time.time()));
	}

	private void assertRefused(VisitException failure) {
		this.keeper.begun();
		this.keeper.refused(failure);
		this.keeper.ended();
		assertThat(this.keeper.isUnattested()).isTrue();
	}

	private void assertMayNotAttest(VisitException verdict) {
		for (Attestation.Need need : Attestation.Need.values()) {
			assertThatExceptionOfType(VisitException.class).isThrownBy(() -> this.keeper.mayAttest(need))
				.isSameAs(verdict);
		}
	}

	private static VisitException failure(FailureReason reason) {
		return new VisitException(reason, "on purpose", "None.");
	}

	private static boolean isClosed(Agent agent) {
		try {
			agent.connection().trustBundle();
			throw new IllegalStateException("Nobody listens there");
		}
		catch (SpireException ex) {
			return ex.reason() == FailureReason.CANCELLED;
		}
	}

}
