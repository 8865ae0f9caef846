package dev.psat.benchmarks.spire.tls;

import java.util.List;

import dev.psat.benchmarks.Sample;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PeerCheck}.
 */
class PeerCheckTests {

	@Test
	void differencesAreThoseWithinEachBatch() {
		Sample differences = PeerCheck.differences(List.of(11.0, 102.0, 1003.0), List.of(10.0, 100.0, 1000.0));
		assertThat(differences.min()).isEqualTo(1.0);
		assertThat(differences.median()).isEqualTo(2.0);
		assertThat(differences.max()).isEqualTo(3.0);
	}

	@Test
	void ratiosAreThoseWithinEachBatch() {
		Sample ratios = PeerCheck.ratios(List.of(10.0, 300.0, 2000.0), List.of(10.0, 100.0, 1000.0));
		assertThat(ratios.min()).isEqualTo(1.0);
		assertThat(ratios.median()).isEqualTo(2.0);
		assertThat(ratios.max()).isEqualTo(3.0);
	}

	@Test
	void batchesWithoutTheOtherAreErrors() {
		assertThatIllegalArgumentException().isThrownBy(() -> PeerCheck.differences(List.of(1.0), List.of(1.0, 2.0)));
	}

}
