package dev.psat.benchmarks.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Flatness}.
 */
class FlatnessTests {

	private final Random random = new Random(1);

	@Test
	void constantIsFlat() {
		assertThat(of((time) -> 7).isFlat(0)).isTrue();
	}

	@Test
	void noiseIsFlat() {
		assertThat(of((time) -> 1000 + 50 * this.random.nextGaussian()).isFlat(50)).isTrue();
	}

	@Test
	void sawtoothIsFlat() {
		assertThat(of((time) -> 1000 + 100 * (time % 5)).isFlat(100)).isTrue();
	}

	@Test
	void singlePeaksAreFlat() {
		assertThat(of((time) -> (time == 25 || time == 29) ? 5000 : 1000).isFlat(10)).isTrue();
	}

	@Test
	void fallIsFlat() {
		assertThat(of((time) -> 1000 - 10 * time).isFlat(0)).isTrue();
	}

	@Test
	void leakIsNotFlat() {
		assertThat(of((time) -> 1000 + 10 * time).isFlat(50)).isFalse();
	}

	@Test
	void leakBelowNoiseIsNotFlat() {
		assertThat(of((time) -> 1000 + 10 * time + 30 * this.random.nextGaussian()).isFlat(100)).isFalse();
	}

	@Test
	void leakNowAndThenIsNotFlat() {
		assertThat(of((time) -> 20 + time / 8).isFlat(1)).isFalse();
	}

	@Test
	void figuresOfTheThirds() {
		assertThat(Flatness.of(List.of(0, 2, 4, 6, 8, 10, 12, 14, 16))).isEqualTo(new Flatness(2, 8, 14, 16, 16));
	}

	private static Flatness of(IntToDoubleFunction series) {
		return Flatness.of(new ArrayList<>(IntStream.range(0, 30).mapToDouble(series).boxed().toList()));
	}

}
