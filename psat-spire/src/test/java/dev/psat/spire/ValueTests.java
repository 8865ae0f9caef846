package dev.psat.spire;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.support.ValueAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for public types that may get further values.
 */
class ValueTests {

	private static final Instant NOW = Instant.parse("2026-11-25T20:00:00Z");

	private static final SpiffeId ORDERS = SpiffeId.parse("spiffe://example.org/orders");

	@ParameterizedTest
	@MethodSource({ "events", "statuses" })
	void valuesAreHiddenRecords(Supplier<?> value, Object other) {
		ValueAssertions.assertIsHiddenRecord(value, other);
	}

	static Stream<Arguments> events() {
		return Stream.of(value(
				() -> SpireStateChangedEvent.builder(SpireState.STARTING, SpireState.READY).advice("Wait").build(),
				SpireStateChangedEvent.builder(SpireState.STARTING, SpireState.READY).build()),
				value(() -> SvidRotatedEvent.builder(ORDERS, BigInteger.TWO, NOW).build(),
						SvidRotatedEvent.builder(ORDERS, BigInteger.ONE, NOW).build()),
				value(() -> TrustBundleChangedEvent.builder(2).sequenceNumber(8L).build(),
						TrustBundleChangedEvent.builder(2).sequenceNumber(7L).build()),
				value(() -> request().audience(List.of("bank")).build(), request().build()));
	}

	static Stream<Arguments> statuses() {
		SpireStatus.LastError error = SpireStatus.LastError.builder("UNREACHABLE", NOW, "It is gone", "Wait").build();
		SpireStatus.Svid.Builder svid = SpireStatus.Svid.builder(ORDERS, BigInteger.TWO, 3, NOW, NOW.plusSeconds(60));
		SpireStatus.Bundle.Builder bundle = SpireStatus.Bundle.builder(4, 5).sequenceNumber(6L);
		SpireStatus.Federation.Builder federation = SpireStatus.Federation
			.builder(ORDERS.trustDomain(), FederationState.TRUSTED, 7)
			.x509AuthorityCount(8)
			.jwtAuthorityCount(9)
			.refreshedAt(NOW);
		return Stream.of(value(ValueTests::status, status().mutate().clockSkew(null).build()),
				value(() -> svid.renewalDueAt(NOW.plusSeconds(30)).build(), svid.renewalDueAt(null).build()),
				value(() -> bundle.refreshedAt(NOW).build(), bundle.refreshedAt(null).build()),
				value(() -> federation.lastError(error).build(), federation.lastError(null).build()),
				value(() -> SpireStatus.LastError.builder("UNREACHABLE", NOW, "It is gone", "Wait").build(),
						SpireStatus.LastError.builder("UNREACHABLE", NOW, "It is gone", "Run").build()));
	}

	private static SpireObserver.Request.Builder request() {
		return SpireObserver.Request.builder(SpireObserver.Request.Type.JWT_SVID);
	}

	private static SpireStatus status() {
		return SpireStatus.builder(SpireState.READY)
			.server("[::1]:8081")
			.workloadApi("unix:///run/agent.sock")
			.trustDomain(ORDERS.trustDomain())
			.agentId(ORDERS)
			.agentExpiresAt(NOW)
			.candidates(2)
			.svid(SpireStatus.Svid.builder(ORDERS, BigInteger.ONE, 1, NOW, NOW).build())
			.trustBundle(SpireStatus.Bundle.builder(1, 1).build())
			.federation(List
				.of(SpireStatus.Federation.builder(TrustDomain.of("partner.org"), FederationState.EMPTY, 1).build()))
			.clockSkew(Duration.ofSeconds(31))
			.lastError(SpireStatus.LastError.builder("TIMED_OUT", NOW, "No answer", "Wait").build())
			.build();
	}

	@Test
	void statusCanBeChangedInOneValue() {
		assertThat(status().mutate().build()).isEqualTo(status());
		assertThat(status().mutate().server(null).build()).isNotEqualTo(status())
			.returns(null, SpireStatus::server)
			.returns(SpireState.READY, SpireStatus::state);
	}

	@Test
	void trustDomainsAreCopied() {
		List<SpireStatus.Federation> federation = new ArrayList<>();
		SpireStatus status = SpireStatus.builder(SpireState.READY).federation(federation).build();
		federation.add(status().federation().get(0));
		assertThat(status.federation()).isEmpty();
	}

	private static Arguments value(Supplier<?> value, Object other) {
		return Arguments.of(value, other);
	}

}
