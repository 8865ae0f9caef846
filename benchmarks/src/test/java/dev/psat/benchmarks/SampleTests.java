package dev.psat.benchmarks;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
	 * By the binomial distribution: with 99.2, 97.9, 95.1, 98.1 and 95.9 %, while the
	 * next narrower interval would have less than 95 %.
	 */
	@ParameterizedTest
	@CsvSource({ "8, 1, 8", "16, 4, 13", "17, 5, 13", "19, 5, 15", "20, 6, 15" })
	void intervalOfTheMedianGoesByRanks(int size, int first, int last) {
		Sample interval = Sample.of(IntStream.rangeClosed(1, size).boxed().toList()).medianInterval();
		assertThat(interval.min()).isEqualTo(first);
		assertThat(interval.max()).isEqualTo(last);
	}

	@Test
	void intervalOfManyFiguresIsNarrow() {
		Sample interval = Sample.of(IntStream.rangeClosed(1, 10_000).boxed().toList()).medianInterval();
		assertThat(interval.min()).isEqualTo(4902);
		assertThat(interval.max()).isEqualTo(5099);
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
