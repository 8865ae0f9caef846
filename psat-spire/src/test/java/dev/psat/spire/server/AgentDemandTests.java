package dev.psat.spire.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.concurrent.internal.Deadline;
import dev.psat.spire.internal.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AgentDemand}, where no agent ever comes.
 */
class AgentDemandTests {

	private static final Duration HARDLY = Duration.ofMillis(10);

	private final ManualTime time = new ManualTime();

	private Duration conflictPause = Duration.ZERO;

	private final List<CompletableFuture<Void>> visits = new CopyOnWriteArrayList<>();

	private final AgentDemand demand = new AgentDemand(() -> null, () -> this.conflictPause, () -> {
		this.visits.add(new CompletableFuture<>());
		return this.visits.get(this.visits.size() - 1);
	}, this.time.time());

	@Test
	void callsShareTheVisitUnderWay() {
		ask();
		this.time.pass(Duration.ofMinutes(3));
		ask();
		assertThat(this.visits).hasSize(1);
	}

	@Test
	void visitThatCameToNothingAfterItsCallersHadGoneCountsAsWell() {
		ask();
		this.visits.get(0).complete(null);
		ask();
		assertThat(this.visits).hasSize(1);
	}

	@Test
	void pauseGrowsToHalfAMinuteAndNoFurther() {
		this.time.draw(0.9999999);
		for (int seconds : new int[] { 1, 2, 4, 8, 16, 30, 30 }) {
			int before = this.visits.size();
			fail();
			this.time.pass(Duration.ofSeconds(seconds).minusMillis(1));
			ask();
			assertThat(this.visits).hasSize(before + 1);
			this.time.pass(Duration.ofMillis(1));
		}
	}

	@Test
	void answerEndsThePause() {
		fail();
		this.demand.succeeded();
		ask();
		assertThat(this.visits).hasSize(2);
	}

	@Test
	void pauseOfAConflictIsNoFailure() {
		ask();
		this.conflictPause = Duration.ofMinutes(1);
		this.visits.get(0).complete(null);
		ask();
		assertThat(this.visits).hasSize(1);
		this.conflictPause = Duration.ZERO;
		ask();
		assertThat(this.visits).hasSize(2);
	}

	private void fail() {
		ask();
		this.visits.get(this.visits.size() - 1).complete(null);
		ask();
	}

	private void ask() {
		assertThat(this.demand.agent(Deadline.in(HARDLY, this.time.time()))).isNull();
	}

}
