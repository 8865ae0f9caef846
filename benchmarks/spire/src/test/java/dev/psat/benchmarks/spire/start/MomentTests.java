package dev.psat.benchmarks.spire.start;

import java.util.List;

import dev.psat.benchmarks.jvm.Footprint;
import dev.psat.benchmarks.jvm.Start;
import dev.psat.benchmarks.jvm.Start.Line;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Moment}.
 */
class MomentTests {

	private final Start start = new Start(20, new Footprint(0, 0, 0),
			List.of(new Line(3, "Starting"), new Line(7, "INFO Attested to x"), new Line(9, "Attested to y"),
					new Line(12, "X.509-SVID obtained from x")));

	@Test
	void takesTheFirstLineThatTells() {
		assertThat(Moment.ATTESTED.of(this.start)).isEqualTo(7);
	}

	@Test
	void countsTheTimeBetweenTwoMoments() {
		assertThat(Moment.SVID.since(Moment.ATTESTED, this.start)).isEqualTo(5);
	}

	@Test
	void noticesThatNothingWasLogged() {
		assertThatIllegalStateException().isThrownBy(() -> this.start.at("rotated"))
			.withMessage("Nothing was logged of 'rotated'");
	}

}
