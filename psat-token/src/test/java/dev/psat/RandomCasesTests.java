package dev.psat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RandomCases}.
 */
@DisabledIfSystemProperty(named = "seed", matches = ".*", disabledReason = "One case is repeated")
class RandomCasesTests {

	@Test
	void checksAsManyCasesAsAskedForEachOfItsOwn() {
		List<Long> cases = new CopyOnWriteArrayList<>();
		RandomCases.check(100, (random) -> cases.add(random.nextLong()));
		assertThat(cases).hasSize(100).doesNotHaveDuplicates();
	}

	@Test
	void saysHowToRepeatTheCaseThatFailed() {
		IllegalStateException failure = new IllegalStateException("odd");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> RandomCases.check(1, (random) -> {
			throw failure;
		})).withMessageMatching("Failed with -Dseed=-?\\d+: .*: odd").withCause(failure);
	}

}
