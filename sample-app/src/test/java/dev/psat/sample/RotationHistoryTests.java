package dev.psat.sample;

import java.time.Instant;

import dev.psat.TokenRotatedEvent;
import dev.psat.TokenStateChangedEvent;
import dev.psat.sample.RotationHistory.Rotation;
import dev.psat.token.SourceState;
import dev.psat.token.TokenState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RotationHistory}.
 */
class RotationHistoryTests {

	private final RotationHistory history = new RotationHistory();

	@Test
	void firstTokenComesWithItsState() {
		this.history.onStateChange(stateChange("sha256:1", 1, Instant.EPOCH));
		this.history.onStateChange(stateChange("sha256:1", 1, Instant.EPOCH));
		assertThat(this.history.newestFirst()).singleElement().satisfies((first) -> {
			assertThat(first.generation()).isEqualTo(1);
			assertThat(first.fingerprint()).isEqualTo("sha256:1");
			assertThat(first.expiresAt()).isEqualTo(Instant.EPOCH);
			assertThat(first.at()).isAfter(Instant.EPOCH);
		});
	}

	@Test
	void stateWithoutTokenIsNone() {
		this.history.onStateChange(stateChange(null, 0, null));
		assertThat(this.history.newestFirst()).isEmpty();
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

	private static TokenStateChangedEvent stateChange(@Nullable String fingerprint, long generation,
			@Nullable Instant expiresAt) {
		return TokenStateChangedEvent.builder(TokenState.NONE, TokenState.VALID)
			.sourceState(SourceState.OK)
			.fingerprint(fingerprint)
			.generation(generation)
			.expiresAt(expiresAt)
			.build();
	}

	private static TokenRotatedEvent rotation(long generation) {
		return TokenRotatedEvent
			.builder("sha256:" + (generation - 1), "sha256:" + generation, Instant.EPOCH.plusSeconds(generation))
			.generation(generation)
			.build();
	}

}
