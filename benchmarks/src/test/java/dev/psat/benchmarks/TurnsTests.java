package dev.psat.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for {@link Turns} and {@link Measured}.
 */
class TurnsTests {

	private final List<String> turns = new ArrayList<>();

	@Test
	void fieldsTakeTurnsAndEachBeginsWithAnotherEachRound() throws Exception {
		List<Measured<String, Integer>> measured = Turns
			.measure(List.of(Turns.of(List.of("a", "b")), Turns.of(List.of("c"))), 2, this::turn);
		assertThat(String.join("", this.turns)).isEqualTo("abc" + "bac");
		assertThat(measured.get(0).of("a")).containsExactly(1, 5);
		assertThat(measured.get(1).of("c")).containsExactly(3, 6);
	}

	@Test
	void seedDeterminesTheOrder() throws Exception {
		List<String> names = List.of("a", "b", "c", "d", "e");
		Turns.of(names).shuffled(new Random(4)).measure(3, this::turn);
		List<String> first = List.copyOf(this.turns);
		this.turns.clear();
		Turns.of(names).shuffled(new Random(4)).measure(3, this::turn);
		assertThat(this.turns).isEqualTo(first).isNotEqualTo(List.of("a", "b", "c", "d", "e"));
	}

	@Test
	void comparesThoseOfARound() {
		Measured<String, Integer> measured = new Measured<>("", List.of("with", "without"));
		int[][] rounds = { { 150, 100 }, { 540, 500 }, { 390, 300 } };
		for (int[] round : rounds) {
			measured.add("with", round[0]);
			measured.add("without", round[1]);
		}
		assertThat(measured.sample("with", Integer::doubleValue).median()).isEqualTo(390);
		// not the difference of the medians, which is 90
		assertThat(measured.differences("with", "without", Integer::doubleValue).median()).isEqualTo(50);
		assertThat(measured.ratios("with", "without", Integer::doubleValue).max()).isEqualTo(1.5);
	}

	@Test
	void nothingIsMeasuredOfAStranger() {
		assertThatNullPointerException().isThrownBy(() -> new Measured<>("", List.of("a")).of("b"))
			.withMessage("Nothing was measured of b");
	}

	private int turn(String name) {
		this.turns.add(name);
		return this.turns.size();
	}

}
