package dev.psat.benchmarks;

import java.util.List;
import java.util.stream.IntStream;

import dev.psat.benchmarks.TortureTest.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TortureTest}.
 */
class TortureTestTests {

	@Test
	void reportIsThatOfTheTest() {
		Report report = new Outcome(true, List.of("BUILD SUCCESS"), "The table\n").addTo(new Report("Soak"));
		assertThat(report.isFailed()).isFalse();
		assertThat(report.markdown("Made today.")).isEqualTo("# Soak\n\nMade today.\n\nThe table\n");
	}

	@Test
	void reportOfATestThatFailedHasFailed() {
		Report report = new Outcome(false, List.of("BUILD FAILURE"), "The table").addTo(new Report("Soak"));
		assertThat(report.isFailed()).isTrue();
		assertThat(report.markdown("")).contains("The table").doesNotContain("BUILD FAILURE");
	}

	@Test
	void testThatEndsBeforeItsReportShowsTheEndOfMaven() {
		List<String> output = IntStream.rangeClosed(1, 1000).mapToObj((line) -> "line " + line).toList();
		Report report = new Outcome(false, output, null).addTo(new Report("Soak"));
		assertThat(report.isFailed()).isTrue();
		assertThat(report.markdown("").lines()).contains("line 1000", "line 951").doesNotContain("line 950");
	}

	@Test
	void buildThatRanNoTestHasFailed() {
		assertThat(new Outcome(true, List.of("BUILD SUCCESS"), null).addTo(new Report("Soak")).isFailed()).isTrue();
	}

}
