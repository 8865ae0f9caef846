package dev.psat.support.soak;

import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

import dev.psat.support.soak.Resources.Development;
import dev.psat.support.soak.Resources.Resource;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Resources}.
 */
class ResourcesTests {

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
		assertThat(Development.of(Resource.INOTIFY, List.of(0L, 2L, 4L, 6L, 8L, 10L, 12L, 14L, 16L)))
			.isEqualTo(new Development(Resource.INOTIFY, 2, 8, 14, 16, 16));
	}

	private static Development of(IntToDoubleFunction series) {
		return Development.of(Resource.INOTIFY,
				IntStream.range(0, 30).mapToLong((time) -> (long) series.applyAsDouble(time)).boxed().toList());
	}

}
