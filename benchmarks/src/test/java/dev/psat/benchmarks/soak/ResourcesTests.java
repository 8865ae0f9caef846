package dev.psat.benchmarks.soak;

import java.io.IOException;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Resources}.
 */
class ResourcesTests {

	private final Violations violations = new Violations();

	private final Resources resources = new Resources();

	@Test
	void fullLengthWithTooFewSamplesIsAViolation() throws IOException {
		sample(Flatness.LEAST - 1);
		this.resources.checkEnough(Duration.ofMinutes(30), this.violations);
		assertThat(this.violations.first()).singleElement().asString().contains("8 samples");
	}

	@Test
	void fullLengthWithEnoughSamplesIsNoViolation() throws IOException {
		sample(Flatness.LEAST);
		this.resources.checkEnough(Duration.ofMinutes(30), this.violations);
		assertThat(this.violations.count()).isZero();
	}

	@Test
	void trialNeedsNoSamples() {
		this.resources.checkEnough(Duration.ofMinutes(29), this.violations);
		assertThat(this.violations.count()).isZero();
	}

	private void sample(int times) throws IOException {
		for (int time = 0; time < times; time++) {
			this.resources.sample();
		}
	}

}
