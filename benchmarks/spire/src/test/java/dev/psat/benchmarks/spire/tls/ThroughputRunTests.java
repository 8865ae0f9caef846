package dev.psat.benchmarks.spire.tls;

import java.util.HashSet;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ThroughputRun}.
 */
class ThroughputRunTests {

	private final List<Cell> turns = ThroughputRun.turns(new Random(1));

	@Test
	void eachHasOneTurnInARound() {
		assertThat(this.turns).doesNotHaveDuplicates().hasSize(20);
	}

	@Test
	void serversThatAreComparedHaveEquallyManyTurns() {
		for (WebServer server : WebServer.values()) {
			assertThat(turns(server, Bundle.SVID)).isEqualTo(turns(server, Bundle.PEM)).isEqualTo(4);
		}
	}

	@Test
	void whatIsComparedFollowsAtOnce() {
		for (int i = 0; i < this.turns.size();) {
			Cell first = this.turns.get(i);
			int size = ThroughputRun.bundles(first.kept()).size();
			assertThat(new HashSet<>(this.turns.subList(i, i + size).stream().map(ThroughputRunTests::ours).toList()))
				.containsExactly(ours(first));
			i += size;
		}
	}

	@Test
	void orderIsThatOfTheSeed() {
		assertThat(ThroughputRun.turns(new Random(1))).isEqualTo(this.turns);
		assertThat(ThroughputRun.turns(new Random(2))).isNotEqualTo(this.turns);
	}

	private static Cell ours(Cell cell) {
		return cell.with(Bundle.SVID);
	}

	private long turns(WebServer server, Bundle bundle) {
		return this.turns.stream().filter((cell) -> cell.server() == server && cell.bundle() == bundle).count();
	}

}
