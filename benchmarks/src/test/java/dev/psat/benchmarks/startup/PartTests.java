package dev.psat.benchmarks.startup;

import java.util.List;

import dev.psat.benchmarks.startup.Start.Step;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Part}.
 */
class PartTests {

	private final Start start = new Start(10, 100, new Footprint(0, 0, 0),
			List.of(new Step(5, "spring.beans.instantiate", "spireIdentity"),
					new Step(7, "spring.beans.instantiate", "spiffeSslBundle"),
					new Step(11, "spring.beans.instantiate", "dispatcherServlet"), new Step(30, "life-cycle", ""),
					new Step(1, "spring.boot.application.starting", "")));

	@Test
	void tellsTheBeansOfTheStartersFromOthers() {
		assertThat(Part.OUR_BEANS.of(this.start)).isEqualTo(12);
		assertThat(Part.OTHER_BEANS.of(this.start)).isEqualTo(11);
	}

	@Test
	void leavesNothingOut() {
		assertThat(Part.REST.of(this.start)).isEqualTo(100 - 10 - 12 - 11 - 30);
	}

}
