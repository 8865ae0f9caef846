package dev.psat.benchmarks.spire.start;

import java.util.ArrayList;
import java.util.List;

import dev.psat.benchmarks.startup.Jars;
import dev.psat.benchmarks.startup.Jdk;
import dev.psat.benchmarks.startup.Launch;
import dev.psat.benchmarks.startup.LoadedClasses;
import dev.psat.benchmarks.startup.WebProcess;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Race}.
 */
class RaceTests {

	private final List<String> starts = new ArrayList<>();

	@Test
	void startsAllInTurnAndBeginsWithAnotherEachRound() throws Exception {
		Race.run(List.of(new Heat("one", racer("a"), racer("b")), new Heat("two", racer("c"))), 2, this::start);
		assertThat(String.join("", this.starts)).isEqualTo("abc" + "bac");
	}

	@Test
	void keepsWhatWasMeasuredByWayAndRound() throws Exception {
		List<Result<Integer>> results = Race
			.run(List.of(new Heat("one", racer("a"), racer("b")), new Heat("two", racer("c"))), 2, this::start);
		assertThat(results).extracting(Result::way).containsExactly("one", "two");
		assertThat(results.get(0).rounds()).extracting((round) -> round.get("a")).containsExactly(1, 5);
		assertThat(results.get(1).rounds()).extracting((round) -> round.get("c")).containsExactly(3, 6);
	}

	@Test
	void heatGoesOnWithoutARacer() throws Exception {
		Race.run(List.of(new Heat("one", racer("a"), racer("b"), racer("c")).without("b")), 1, this::start);
		assertThat(this.starts).containsExactly("a", "c");
	}

	private int start(Racer racer) {
		this.starts.add(racer.name());
		return this.starts.size();
	}

	private static Racer racer(String name) {
		return new Racer(name, new Jars(List.of()).on(Jdk.current()), new Unstartable());
	}

	private static final class Unstartable implements Racer.Program {

		@Override
		public WebProcess start(Launch launch) {
			throw new UnsupportedOperationException();
		}

		@Override
		public LoadedClasses classes(Launch launch) {
			throw new UnsupportedOperationException();
		}

	}

}
