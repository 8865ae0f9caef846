package dev.psat.soak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

import dev.psat.support.Matrix;
import dev.psat.support.Torture;
import dev.psat.support.soak.Resources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random faults for {@code soak.duration}, drawn with {@code soak.seed}.
 */
@Matrix
@EnabledIfSystemProperty(named = "torture", matches = "full", disabledReason = "some 70 faults take a second each")
class SoakTortureTests {

	/** In less, there may be too little time for samples. */
	private static final Duration FULL = Duration.ofMinutes(30);

	@Test
	void faultsExplainEveryRefusalAndNothingGrows(@TempDir Path directory) throws Exception {
		Duration duration = Duration.parse("PT" + System.getProperty("soak.duration", "2m"));
		long seed = Long.getLong("soak.seed", new Random().nextInt(1_000_000));
		Soak soak = new Soak(duration, seed);
		Torture.report(SoakReport.of(soak, soak.run(directory), duration, seed));
		assertThat(soak.violations().first()).as("seed %d", seed).isEmpty();
		assertThat(soak.resources().areFlat()).as(soak.resources().rows()).isTrue();
		if (duration.compareTo(FULL) >= 0) {
			assertThat(soak.resources().size()).isGreaterThanOrEqualTo(Resources.LEAST);
		}
	}

}
