package dev.psat.benchmarks;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Sample}.
 */
class SampleTests {

	@Test
	void medianIsTheMiddle() {
		assertThat(Sample.of(List.of(3, 1, 2)).median()).isEqualTo(2);
		assertThat(Sample.of(List.of(4, 1, 2, 3)).median()).isEqualTo(2.5);
	}

	@Test
	void percentileIsTheSmallestThatSoManyDoNotExceed() {
		Sample sample = Sample.of(IntStream.rangeClosed(1, 1000).boxed().toList());
		assertThat(sample.percentile(99.9)).isEqualTo(999);
		assertThat(sample.percentile(100)).isEqualTo(1000);
		assertThat(sample.percentile(0)).isEqualTo(1);
	}

	/**
	 * By the binomial distribution: of 20 figures the 6th to the 15th, with 95.9 %.
	 */
	@Test
	void intervalOfTheMedianGoesByRanks() {
		Sample interval = Sample.of(IntStream.rangeClosed(1, 20).boxed().toList()).medianInterval();
		assertThat(interval.min()).isEqualTo(6);
		assertThat(interval.max()).isEqualTo(15);
	}

	@Test
	void intervalOfFewFiguresIsAllOfThem() {
		Sample interval = Sample.of(List.of(1, 2, 3)).medianInterval();
		assertThat(interval.min()).isEqualTo(1);
		assertThat(interval.max()).isEqualTo(3);
	}

	@Test
	void intervalOfHalfTheWidthTakesFourTimesAsManyFigures() {
		Sample sample = Sample.of(IntStream.rangeClosed(1, 20).boxed().toList());
		assertThat(sample.sizeFor(9)).isEqualTo(20);
		assertThat(sample.sizeFor(4.5)).isEqualTo(80);
	}

}
