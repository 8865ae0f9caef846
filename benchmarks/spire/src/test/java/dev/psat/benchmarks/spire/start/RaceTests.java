package dev.psat.benchmarks.spire.start;

import java.util.ArrayList;
import java.util.List;

import dev.psat.benchmarks.startup.Start;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Race}.
 */
class RaceTests {

	private final List<String> starts = new ArrayList<>();

	@Test
	void startsAllInTurnAndBeginsWithAnotherEachRound() throws Exception {
		Race.run(List.of(new Heat("one", racer("a"), racer("b")), new Heat("two", racer("c"))), 2);
		assertThat(String.join("", this.starts)).isEqualTo("abc" + "abc" + "bac");
	}

	@Test
	void countsNoFirstStart() throws Exception {
		List<Result> results = Race.run(List.of(new Heat("one", racer("a"), racer("b"))), 2);
		assertThat(results).extracting(Result::way).containsExactly("one");
		assertThat(results.get(0).of("a", Figures::ready).min()).isEqualTo(3);
		assertThat(results.get(0).of("a", Figures::ready).size()).isEqualTo(2);
	}

	private Racer racer(String name) {
		return new Racer(name, () -> {
			this.starts.add(name);
			return new Figures(new Start(0, this.starts.size(), 0, 0, List.of()), List.of(), 0, 0);
		});
	}

}
