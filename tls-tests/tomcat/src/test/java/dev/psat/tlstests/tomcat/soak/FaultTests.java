package dev.psat.tlstests.tomcat.soak;

import java.time.Duration;
import java.util.List;

import dev.psat.support.Matrix;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Fault}.
 */
@Matrix
class FaultTests {

	@Test
	void namesAreUnique() {
		assertThat(Fault.all(true)).extracting(Fault::name).doesNotHaveDuplicates().hasSize(16);
	}

	@Test
	void shortSoakLeavesOutWhatTakesMinutes() {
		List<Fault> all = Fault.all(true);
		assertThat(Fault.all(false)).extracting(Fault::name)
			.isNotEmpty()
			.containsExactlyElementsOf(all.stream()
				.filter((fault) -> fault.effect().seenWithin().compareTo(Duration.ofMinutes(2)) < 0)
				.map(Fault::name)
				.toList());
	}

}
