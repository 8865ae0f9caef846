package dev.psat.tlstests.tomcat.soak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

import dev.psat.support.Matrix;
import dev.psat.support.Torture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two applications that call each other while a SPIRE Server suffers random faults, for
 * {@code soak.duration}, drawn with {@code soak.seed}.
 */
@Matrix
@EnabledIfSystemProperty(named = "torture", matches = "full", disabledReason = "a fault takes half a minute")
class SpireSoakTortureTests {

	@Test
	void faultsExplainEveryFailedCallAndNothingGrows(@TempDir Path directory) throws Exception {
		Duration duration = Duration.parse("PT" + System.getProperty("soak.duration", "3m"));
		long seed = Long.getLong("soak.seed", new Random().nextInt(1_000_000));
		Soak soak = new Soak(duration, seed);
		Torture.report(SoakReport.of(soak, duration, seed, soak.run(directory)));
		assertThat(soak.violations().first()).as("seed %d", seed).isEmpty();
		assertThat(soak.resources().areFlat()).as(soak.resources().rows()).isTrue();
	}

}
