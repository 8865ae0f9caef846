package dev.psat.benchmarks.notice;

import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Series}.
 */
class SeriesTests {

	private final Series series = new Series();

	@Test
	void rotationThatWasMissedIsSlowerThanAllOthers() {
		this.series.add(OptionalLong.empty());
		this.series.add(OptionalLong.of(10));
		this.series.add(OptionalLong.of(20));
		assertThat(this.series.time(50)).isEqualTo("20.0 ns");
		assertThat(this.series.time(100)).isEqualTo("–");
		assertThat(this.series.missed()).isEqualTo("1 of 3");
	}

	@Test
	void nothingComparesWithAMissedRotation() {
		Series other = new Series();
		other.add(OptionalLong.of(20));
		this.series.add(OptionalLong.of(10));
		this.series.add(OptionalLong.empty());
		assertThat(this.series.ratio(other, 50)).isEqualTo("0.500");
		assertThat(this.series.ratio(other, 100)).isEqualTo("–");
		assertThat(other.ratio(this.series, 100)).isEqualTo("–");
	}

}
