package dev.psat.benchmarks.spire.attest;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.psat.benchmarks.Sample;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link Series}.
 */
class SeriesTests {

	@Test
	void ratiosAreThoseOfTheMediansOfTheSameRound() {
		Series ours = series(block(10, 20, 90), block(30, 40, 50));
		Series floor = series(block(5, 10, 15), block(50, 80, 90));
		Sample ratios = ours.ratios(floor, Block::median);
		assertThat(ratios.max()).isEqualTo(2);
		assertThat(ratios.min()).isEqualTo(0.5);
	}

	@Test
	void processorTimeIsSharedByTheAttestationsOfABlock() {
		assertThat(series(new Block(block(10, 20).laps(), 50)).cpu().median()).isEqualTo(25);
	}

	@Test
	void totalsAreThoseOfAllBlocks() {
		Sample totals = series(block(10, 20), block(30)).totals();
		assertThat(totals.size()).isEqualTo(3);
		assertThat(totals.median()).isCloseTo(20, within(0.0));
	}

	@Test
	void seriesAgreeWhenNoMedianDiffersByMoreThanThreePercent() {
		Series thousand = series(block(1000));
		assertThat(Series.agree(List.of(thousand, thousand), List.of(series(block(980)), series(block(1029)))))
			.isTrue();
		assertThat(Series.agree(List.of(thousand, thousand), List.of(series(block(1000)), series(block(960)))))
			.isFalse();
	}

	private static Series series(Block... blocks) {
		Series series = new Series(new Nobody());
		List.of(blocks).forEach(series::add);
		return series;
	}

	private static Block block(long... times) {
		return new Block(Arrays.stream(times).mapToObj(SeriesTests::laps).toList(), 0);
	}

	private static Laps laps(long time) {
		AtomicLong nanos = new AtomicLong();
		Laps laps = new Laps(false, nanos::get);
		nanos.addAndGet(time);
		laps.ended(Step.SVID);
		return laps;
	}

}
