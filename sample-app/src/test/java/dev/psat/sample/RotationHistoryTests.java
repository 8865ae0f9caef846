package dev.psat.sample;

import java.time.Instant;

import dev.psat.TokenRotatedEvent;
import dev.psat.sample.RotationHistory.Rotation;
import dev.psat.test.SimulatedKubelet;
import dev.psat.token.TokenSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RotationHistory}.
 */
class RotationHistoryTests {

	@AutoClose
	private final SimulatedKubelet kubelet = SimulatedPod.kubelet().build();

	@AutoClose
	private final TokenSource source = TokenSource.builder(this.kubelet.tokenPath()).audience("spire-server").build();

	private final RotationHistory history = new RotationHistory(this.source);

	@Test
	void firstTokenComesWithItsState() {
		this.source.refresh();
		this.history.onStateChange();
		this.history.onStateChange();
		assertThat(this.history.newestFirst()).singleElement().satisfies((first) -> {
			assertThat(first.generation()).isEqualTo(1);
			assertThat(first.fingerprint()).isEqualTo(SimulatedPod.fingerprint(this.kubelet.token()));
			assertThat(first.expiresAt()).isAfter(first.at());
		});
	}

	@Test
	void keepsTheLastOnesNewestFirst() {
		for (long generation = 2; generation <= RotationHistory.CAPACITY + 4; generation++) {
			this.history.onRotation(rotation(generation));
		}
		assertThat(this.history.newestFirst()).hasSize(RotationHistory.CAPACITY)
			.extracting(Rotation::generation)
			.startsWith(28L, 27L)
			.endsWith(6L, 5L);
	}

	@Test
	void ignoresWhatItHasSeen() {
		this.history.onRotation(rotation(3));
		this.history.onRotation(rotation(3));
		this.history.onRotation(rotation(2));
		assertThat(this.history.newestFirst()).extracting(Rotation::generation).containsExactly(3L);
	}

	private static TokenRotatedEvent rotation(long generation) {
		return new TokenRotatedEvent("sha256:" + (generation - 1), "sha256:" + generation, generation,
				Instant.EPOCH.plusSeconds(generation));
	}

}
