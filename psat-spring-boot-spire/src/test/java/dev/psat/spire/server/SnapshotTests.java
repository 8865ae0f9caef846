package dev.psat.spire.server;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spire.FederationState;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.ManualTime;
import dev.psat.spire.internal.TestSvid;
import dev.psat.spire.internal.Time;
import dev.psat.spire.server.Snapshot.Phase;
import dev.psat.spire.server.Snapshot.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Snapshot}: of the states that apply, the first is the state.
 * {@link SpireState#DISABLED} is that of an identity that has no snapshot.
 */
class SnapshotTests {

	private static final Instant NOW = ManualTime.START;

	private static final Instant DUE = NOW.plus(Duration.ofMinutes(30));

	private static final Instant END = NOW.plus(TestSvid.LIFE);

	private static final SpireStatus.LastError ERROR = new SpireStatus.LastError("UNREACHABLE", NOW, "on purpose",
			"None.");

	private static final SpireStatus.LastError EVICTION = new SpireStatus.LastError("AGENT_NOT_ACTIVE", NOW, "evicted",
			"Let one process attest.");

	private final Time time = new ManualTime().time();

	private final Snapshot held = Snapshot.EMPTY.attested(TestSvid.agent(this.time), Duration.ZERO)
		.holding(TestSvid.held(1, this.time));

	@Test
	void federatedTrustDomainIsTrustedWithABundleWhileTheSvidIsInForceAlone() {
		TrustDomain partner = TrustDomain.of("partner.org");
		FederatedDomain unknown = FederatedDomain.of(partner);
		TrustBundle bundle = TrustBundle.of(partner, List.of(new X509Authority(new SvidMint().certificate(), false)),
				List.of(), 0L, null);
		Snapshot trusting = this.held.federating(List.of(unknown.answered(bundle, NOW)));
		assertThat(trusting.federatedBundle(partner, END)).isSameAs(bundle);
		assertThat(trusting.federatedBundle(partner, END.plusSeconds(1))).isNull();
		assertThat(trusting.absence(partner, END.plusSeconds(1)))
			.isEqualTo("No X.509-SVID is in force, without which 'partner.org' is not trusted");
		// asked for the reason too late
		assertThat(trusting.absence(partner, END)).isEqualTo("The trust bundle of 'partner.org' has only just arrived");
		assertThat(Snapshot.EMPTY.federating(List.of(unknown.answered(bundle, NOW))).federatedBundle(partner, NOW))
			.isNull();
		Snapshot waiting = this.held.federating(List.of(unknown));
		assertThat(waiting.federatedBundle(partner, NOW)).isNull();
		assertThat(waiting.absence(partner, NOW)).isEqualTo(unknown.absence());
		assertThat(waiting.adviceOn(partner)).contains("its state is UNKNOWN");
		assertThat(
				this.held.federating(List.of(unknown.distrusted(FederationState.NOT_FEDERATED, NOW))).adviceOn(partner))
			.isEqualTo("Let the registration entry federate with it.");
		assertThat(this.held.adviceOn(partner)).contains("'spire.psat.federates-with'");
		assertThat(this.held.absence(partner, NOW)).isEqualTo("This application does not federate with 'partner.org'");
	}

	@ParameterizedTest
	@EnumSource
	void withoutAnSvidStateIsHowFarTheWayHasCome(Phase phase) {
		assertThat(Snapshot.EMPTY.in(phase).stateAt(NOW).name()).isEqualTo(phase.name());
		assertThat(Snapshot.EMPTY.in(phase).after(ERROR).stateAt(NOW).name()).isEqualTo(phase.name());
	}

	@Test
	void emptyOneIsStarting() {
		assertThat(Snapshot.EMPTY.stateAt(NOW)).isEqualTo(SpireState.STARTING);
	}

	@Test
	void attestedOneWaitsForItsEntryOnceTheServerHasNone() {
		Snapshot attested = Snapshot.EMPTY.in(Phase.ATTESTING).attested(TestSvid.agent(this.time), Duration.ZERO);
		assertThat(attested.stateAt(NOW)).isEqualTo(SpireState.ATTESTING);
		Snapshot waiting = attested.in(Phase.WAITING_FOR_ENTRY);
		assertThat(waiting.stateAt(NOW)).isEqualTo(SpireState.WAITING_FOR_ENTRY);
		assertThat(waiting.withoutAgent().stateAt(NOW)).isEqualTo(SpireState.ATTESTING);
	}

	@Test
	void svidIsReadyToItsEnd() {
		assertThat(this.held.stateAt(NOW)).isEqualTo(SpireState.READY);
		assertThat(this.held.stateAt(END)).isEqualTo(SpireState.READY);
		assertThat(this.held.stateAt(END.plusMillis(1))).isEqualTo(SpireState.EXPIRED);
	}

	@Test
	void failureMattersWhenTheRenewalIsDue() {
		Snapshot failed = this.held.after(ERROR);
		assertThat(failed.stateAt(DUE.minusMillis(1))).isEqualTo(SpireState.READY);
		assertThat(failed.stateAt(DUE)).isEqualTo(SpireState.RENEWAL_FAILING);
		assertThat(failed.stateAt(END.plusMillis(1))).isEqualTo(SpireState.EXPIRED);
		assertThat(this.held.stateAt(DUE)).isEqualTo(SpireState.READY);
		assertThat(failed.after(null).stateAt(DUE)).isEqualTo(SpireState.READY);
	}

	@Test
	void conflictIsBeforeTheRenewalAndAfterTheEnd() {
		Snapshot inConflict = this.held.inConflict(EVICTION).after(ERROR);
		assertThat(inConflict.stateAt(NOW)).isEqualTo(SpireState.CONTESTED);
		assertThat(inConflict.stateAt(DUE)).isEqualTo(SpireState.CONTESTED);
		assertThat(inConflict.stateAt(END.plusMillis(1))).isEqualTo(SpireState.EXPIRED);
	}

	@ParameterizedTest
	@EnumSource
	void verdictIsBeforeEverything(Verdict verdict) {
		assertThat(Snapshot.EMPTY.judged(verdict).stateAt(NOW).name()).isEqualTo(verdict.name());
		assertThat(this.held.judged(verdict).stateAt(NOW).name()).isEqualTo(verdict.name());
		assertThat(this.held.judged(verdict).inConflict(EVICTION).stateAt(NOW).name()).isEqualTo(verdict.name());
		assertThat(this.held.judged(verdict).after(ERROR).stateAt(DUE).name()).isEqualTo(verdict.name());
		assertThat(this.held.judged(verdict).stateAt(END.plusMillis(1)).name()).isEqualTo(verdict.name());
	}

	@Test
	void attestationEndsAVerdictAndNoConflict() {
		Snapshot inConflict = this.held.inConflict(EVICTION);
		for (Verdict verdict : Verdict.values()) {
			assertThat(attested(this.held.judged(verdict)).stateAt(NOW)).isEqualTo(SpireState.READY);
			assertThat(attested(inConflict.judged(verdict)).stateAt(NOW)).isEqualTo(SpireState.CONTESTED);
		}
		assertThat(attested(inConflict).stateAt(NOW)).isEqualTo(SpireState.CONTESTED);
	}

	@Test
	void evictionIsShownThroughoutTheConflictUnlessSomethingElseWentWrongLater() {
		Snapshot inConflict = this.held.inConflict(EVICTION);
		assertThat(inConflict.shownError()).isEqualTo(EVICTION);
		assertThat(inConflict.after(ERROR).shownError()).isEqualTo(ERROR);
		assertThat(inConflict.after(ERROR).after(null).shownError()).isEqualTo(EVICTION);
		assertThat(inConflict.inConflict(null).shownError()).isNull();
	}

	@Test
	void agentIdIsThatOfTheLastAgent() {
		assertThat(Snapshot.EMPTY.agentId()).isNull();
		assertThat(this.held.agentId()).hasToString(TestSvid.agent(this.time).spiffeId().toString());
	}

	@Test
	void keyIsNotPrinted() {
		HeldSvid svid = TestSvid.held(1, this.time);
		assertThat(Snapshot.EMPTY.holding(svid).toString()).contains(TestEntry.ORDERS)
			.doesNotContainIgnoringCase("key");
	}

	private Snapshot attested(Snapshot snapshot) {
		return snapshot.attested(TestSvid.agent(this.time), Duration.ZERO);
	}

}
