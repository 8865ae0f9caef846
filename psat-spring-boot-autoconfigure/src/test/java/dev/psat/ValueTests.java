package dev.psat;

import java.time.Instant;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.psat.support.ValueAssertions;
import dev.psat.token.SourceState;
import dev.psat.token.TokenState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests for public classes that are like records, but may get further values.
 */
class ValueTests {

	private static final Instant NOW = Instant.parse("2026-11-25T20:00:00Z");

	@ParameterizedTest
	@MethodSource("events")
	void valuesAreLikeRecords(Supplier<?> value, Object other) {
		ValueAssertions.assertIsLikeRecord(value, other);
	}

	static Stream<Arguments> events() {
		TokenStateChangedEvent.Builder change = TokenStateChangedEvent.builder(TokenState.NONE, TokenState.VALID)
			.previousSourceState(SourceState.MISSING)
			.sourceState(SourceState.OK)
			.advice("Wait")
			.fingerprint("sha256:2")
			.generation(2);
		return Stream.of(
				value(() -> TokenRotatedEvent.builder("sha256:1", "sha256:2", NOW).generation(2).build(),
						TokenRotatedEvent.builder("sha256:1", "sha256:2", NOW).build()),
				value(() -> change.expiresAt(NOW).build(), change.expiresAt(NOW.plusSeconds(1)).build()));
	}

	private static Arguments value(Supplier<?> value, Object other) {
		return Arguments.of(value, other);
	}

}
