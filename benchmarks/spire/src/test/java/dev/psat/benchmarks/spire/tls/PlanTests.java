package dev.psat.benchmarks.spire.tls;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Plan}.
 */
class PlanTests {

	@Test
	void quickIsLessThanFull() {
		assertThat(Plan.of(List.of()).rotations()).isEqualTo(200);
		assertThat(Plan.of(List.of("quick")).rotations()).isLessThan(200);
		assertThat(Plan.ofConnections(List.of()).connections()).isEqualTo(10_000);
		assertThat(Plan.ofConnections(List.of("quick")).connections()).isLessThan(10_000);
	}

	@Test
	void otherArgumentsAreErrors() {
		assertThatIllegalArgumentException().isThrownBy(() -> Plan.of(List.of("quik")))
			.withMessage("The only argument is 'quick'");
		assertThatIllegalArgumentException().isThrownBy(() -> Plan.of(List.of("quick", "quick")));
	}

}
