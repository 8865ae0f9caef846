package dev.psat.tlstests.tomcat.storm;

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
 * Applications at both doors and in two trust domains that call each other while
 * everything around them suffers random faults at once, for {@code storm.duration}, drawn
 * with {@code storm.seed}.
 */
@Matrix
@EnabledIfSystemProperty(named = "torture", matches = "full", disabledReason = "a storm takes half a minute")
class SpireStormTortureTests {

	@Test
	void noStormLetsInAnybodyOrLastsAndNothingGrows(@TempDir Path directory) throws Exception {
		Duration duration = Duration.parse("PT" + System.getProperty("storm.duration", "3m"));
		long seed = Long.getLong("storm.seed", new Random().nextInt(1_000_000));
		Season season = new Season(duration, seed);
		season.run(directory);
		Torture.report(StormReport.of(season, duration, seed));
		assertThat(season.violations().first()).as("seed %d", seed).isEmpty();
		assertThat(season.resources().areFlat()).as(season.resources().rows()).isTrue();
	}

}
