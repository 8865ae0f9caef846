package dev.psat.spire.server;

import java.time.Duration;
import java.time.Instant;

import dev.psat.concurrent.internal.Time;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.internal.HeldSvid;
import dev.psat.spire.internal.ManualTime;
import dev.psat.spire.internal.TestSvid;
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

	private static final SpireStatus.LastError ERROR = SpireStatus.LastError
		.builder("UNREACHABLE", NOW, "on purpose", "None.")
		.build();

	private static final SpireStatus.LastError EVICTION = SpireStatus.LastError
		.builder("AGENT_NOT_ACTIVE", NOW, "evicted", "Let one process attest.")
		.build();

	private final Time time = new ManualTime().time();

	private final Snapshot held = Snapshot.EMPTY.attested(TestSvid.agent(this.time), Duration.ZERO)
		.holding(TestSvid.held(1, this.time));

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
