package dev.psat.benchmarks.spire.start;

import java.util.List;
import java.util.Map;

import dev.psat.benchmarks.startup.Footprint;
import dev.psat.benchmarks.startup.Start;
import dev.psat.benchmarks.startup.WebProcess.LogLine;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Result} and the {@link Figures} in it.
 */
class ResultTests {

	private final Result<Figures> result = new Result<>("plain",
			List.of(round(100, 150), round(500, 540), round(300, 390)));

	@Test
	void pairsTheRacersOfARound() {
		// not the difference of the medians, which is 90
		assertThat(this.result.added("with", "without", Figures::ready).median()).isEqualTo(50);
	}

	@Test
	void keepsTheFiguresOfEachRacerApart() {
		assertThat(this.result.of("without", Figures::ready).median()).isEqualTo(300);
		assertThat(this.result.of("with", Figures::ready).median()).isEqualTo(390);
	}

	@Test
	void takesTheFirstLineThatTells() {
		assertThat(figures(0).at("Attested to ")).isEqualTo(7);
	}

	@Test
	void countsTheTimeBetweenTwoMoments() {
		assertThat(Moment.SVID.since(Moment.ATTESTED, figures(0))).isEqualTo(5);
	}

	@Test
	void noticesThatNothingWasLogged() {
		assertThatIllegalStateException().isThrownBy(() -> figures(0).at("rotated"))
			.withMessage("Nothing was logged of 'rotated'");
	}

	private static Map<String, Figures> round(long without, long with) {
		return Map.of("without", figures(without), "with", figures(with));
	}

	private static Figures figures(long ready) {
		return new Figures(new Start(0, ready, new Footprint(0, 0, 0), List.of()),
				List.of(new LogLine(3, "Starting"), new LogLine(7, "INFO Attested to x"),
						new LogLine(9, "Attested to y"), new LogLine(12, "X.509-SVID obtained from x")));
	}

}
