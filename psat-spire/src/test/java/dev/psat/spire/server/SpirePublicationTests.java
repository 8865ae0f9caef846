package dev.psat.spire.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.psat.spiffe.SvidMint;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.internal.ManualTime;
import dev.psat.spire.internal.TestSvid;
import dev.psat.spire.internal.VisitException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SpirePublication}.
 */
class SpirePublicationTests {

	private static final SpireStatus.LastError EVICTION = SpireStatus.LastError
		.builder("AGENT_NOT_ACTIVE", ManualTime.START, "evicted", "Let one process attest.")
		.build();

	private final ManualTime time = new ManualTime();

	private final List<SpireState> states = new ArrayList<>();

	private boolean failing;

	private final SpirePublication publication = new SpirePublication(List.of(), this.time.time(), this::changed);

	@Test
	void attemptThatFailsIsAnAttestation() {
		this.publication.failed(failure(FailureReason.UNREACHABLE));
		assertThat(this.states).containsExactly(SpireState.ATTESTING);
		assertThat(this.publication.snapshot().course().lastError())
			.isEqualTo(SpireStatus.LastError.builder("UNREACHABLE", ManualTime.START, "on purpose", "None.").build());
	}

	@Test
	void attemptThatIsUnderWayIsAnAttestation() {
		this.publication.attesting();
		assertThat(this.states).containsExactly(SpireState.ATTESTING);
	}

	@Test
	void completeVisitEndsTheError() {
		this.publication.failed(failure(FailureReason.UNREACHABLE));
		this.publication.succeeded();
		assertThat(this.publication.snapshot().course().lastError()).isNull();
	}

	@Test
	void banAndIdentityOfTheNodeAreStates() {
		this.publication.failed(failure(FailureReason.AGENT_BANNED));
		this.publication.failed(new VisitException(VisitException.OwnReason.NODE_IDENTITY, "on purpose", "None."));
		assertThat(this.states).containsExactly(SpireState.BANNED, SpireState.NODE_IDENTITY);
	}

	@Test
	void banOutlastsOtherFailures() {
		this.publication.failed(failure(FailureReason.AGENT_BANNED));
		this.publication.failed(failure(FailureReason.UNREACHABLE));
		this.publication.inConflict(null);
		this.publication.inConflict(EVICTION);
		assertThat(this.states).containsOnly(SpireState.BANNED);
	}

	@Test
	void conflictBeginsAndEnds() {
		this.publication.holding(TestSvid.held(1, this.time.time()));
		this.publication.inConflict(EVICTION);
		this.publication.inConflict(null);
		assertThat(this.states).containsExactly(SpireState.READY, SpireState.CONTESTED, SpireState.READY);
	}

	@Test
	void trustBundleAndWhenItWasToldArePublishedTogether() {
		SvidMint authority = new SvidMint();
		this.publication.fromServer(authority.bundle(7L, null));
		assertThat(this.publication.snapshot().issued().shown())
			.isEqualTo(SpireStatus.Bundle.builder(1, 1).sequenceNumber(7L).refreshedAt(ManualTime.START).build());
		this.publication.begunWith(authority.bundle());
		assertThat(this.publication.snapshot().issued().shown()).isEqualTo(SpireStatus.Bundle.builder(1, 1).build());
	}

	@Test
	void otherAuthoritiesAreNewsAndTheSameAgainAreNot() {
		SvidMint first = new SvidMint();
		this.publication.begunWith(first.bundle());
		this.publication.fromServer(first.bundle(7L, null));
		assertThat(this.states).hasSize(1);
		this.publication.fromServer(first.taintedBundle());
		this.publication.fromServer(new SvidMint().bundle());
		assertThat(this.states).hasSize(3);
		assertThat(this.publication.snapshot().issued().shown()).extracting(SpireStatus.Bundle::generation)
			.isEqualTo(3L);
	}

	@Test
	void whatTheClockChangesIsAnnouncedOnce() {
		this.publication.holding(TestSvid.held(1, this.time.time()));
		this.publication.failed(failure(FailureReason.UNREACHABLE));
		this.time.pass(TestSvid.LIFE.dividedBy(2).minusMillis(1));
		this.publication.announce();
		assertThat(this.states).containsExactly(SpireState.READY);
		this.time.pass(Duration.ofMillis(1));
		this.publication.announce();
		this.publication.announce();
		assertThat(this.states).containsExactly(SpireState.READY, SpireState.RENEWAL_FAILING);
		this.time.pass(TestSvid.LIFE);
		this.publication.announce();
		assertThat(this.states).containsExactly(SpireState.READY, SpireState.RENEWAL_FAILING, SpireState.EXPIRED);
	}

	@Test
	void changeThatCouldNotBeToldIsToldWithTheNextUpdate() {
		this.failing = true;
		this.publication.holding(TestSvid.held(1, this.time.time()));
		assertThat(this.states).isEmpty();
		this.failing = false;
		this.publication.succeeded();
		this.publication.succeeded();
		assertThat(this.states).containsExactly(SpireState.READY);
		this.failing = true;
		this.publication.holding(TestSvid.held(2, this.time.time()));
		this.publication.succeeded();
		this.failing = false;
		this.publication.attesting();
		this.publication.attesting();
		assertThat(this.states).containsExactly(SpireState.READY, SpireState.READY);
	}

	private void changed() {
		if (this.failing) {
			throw new OutOfMemoryError("unable to create native thread: on purpose");
		}
		this.states.add(this.publication.snapshot().stateAt(this.time.time().now()));
	}

	private static VisitException failure(FailureReason reason) {
		return new VisitException(reason, "on purpose", "None.");
	}

}
