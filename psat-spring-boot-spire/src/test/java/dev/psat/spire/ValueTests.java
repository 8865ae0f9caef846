package dev.psat.spire;

import java.math.BigInteger;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.psat.spiffe.SpiffeId;
import dev.psat.support.ValueAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests for public classes that are like records, but may get further values.
 */
class ValueTests {

	private static final Instant NOW = Instant.parse("2026-11-25T20:00:00Z");

	private static final SpiffeId ORDERS = SpiffeId.parse("spiffe://example.org/orders");

	@ParameterizedTest
	@MethodSource("events")
	void valuesAreLikeRecords(Supplier<?> value, Object other) {
		ValueAssertions.assertIsLikeRecord(value, other);
	}

	static Stream<Arguments> events() {
		return Stream.of(value(
				() -> SpireStateChangedEvent.builder(SpireState.STARTING, SpireState.READY).advice("Wait").build(),
				SpireStateChangedEvent.builder(SpireState.STARTING, SpireState.READY).build()),
				value(() -> SvidRotatedEvent.builder(ORDERS, BigInteger.TWO, NOW).build(),
						SvidRotatedEvent.builder(ORDERS, BigInteger.ONE, NOW).build()),
				value(() -> TrustBundleChangedEvent.builder(2).sequenceNumber(8L).build(),
						TrustBundleChangedEvent.builder(2).sequenceNumber(7L).build()));
	}

	private static Arguments value(Supplier<?> value, Object other) {
		return Arguments.of(value, other);
	}

}
