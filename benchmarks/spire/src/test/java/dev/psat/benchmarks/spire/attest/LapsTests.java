package dev.psat.benchmarks.spire.attest;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Laps}.
 */
class LapsTests {

	private final AtomicLong nanos = new AtomicLong(1000);

	private final Laps laps = new Laps(true, this.nanos::get);

	@Test
	void stepTakesAsLongAsSinceTheEndOfTheOneBefore() {
		endAfter(30, Step.BUNDLE);
		endAfter(5, Step.KEYS);
		assertThat(this.laps.time(Step.BUNDLE)).isEqualTo(30);
		assertThat(this.laps.time(Step.KEYS)).isEqualTo(5);
		assertThat(this.laps.time(Step.SVID)).isZero();
	}

	@Test
	void stepThatComesTwiceCountsAsOne() {
		endAfter(5, Step.KEYS);
		endAfter(40, Step.ATTESTATION);
		endAfter(6, Step.KEYS);
		assertThat(this.laps.time(Step.KEYS)).isEqualTo(11);
	}

	@Test
	void repetitionsAreNoPartOfTheWay() {
		endAfter(30, Step.BUNDLE);
		endAfter(3, Step.BUNDLE_AGAIN);
		endAfter(40, Step.ENTRIES);
		endAfter(4, Step.ENTRIES_AGAIN);
		endAfter(10, Step.SVID);
		assertThat(this.laps.total()).isEqualTo(80);
	}

	@Test
	void connectionIsWhatTheFirstCallTakesLongerThanTheSecond() {
		endAfter(30, Step.BUNDLE);
		endAfter(3, Step.BUNDLE_AGAIN);
		Series series = new Series(new Nobody());
		series.add(new Block(List.of(this.laps), 0));
		assertThat(series.connection(Step.BUNDLE, Step.BUNDLE_AGAIN).median()).isEqualTo(27);
	}

	private void endAfter(long nanos, Step step) {
		this.nanos.addAndGet(nanos);
		this.laps.ended(step);
	}

}
