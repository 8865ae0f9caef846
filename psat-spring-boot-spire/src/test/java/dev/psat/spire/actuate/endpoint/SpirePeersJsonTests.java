package dev.psat.spire.actuate.endpoint;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.SeenAuthority;
import dev.psat.spire.tls.SeenPeer;
import dev.psat.spire.tls.SeenPeers;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the JSON of {@link SpirePeersDescriptor}, which is a contract, whatever an
 * application has configured of its mapper.
 */
class SpirePeersJsonTests {

	private static final Instant NOW = Instant.parse("2026-11-25T20:00:00.123456789Z");

	private static final SeenPeer LET_IN = SeenPeer
		.builder(SpiffeId.parse("spiffe://example.org/orders"), NOW, NOW.plusSeconds(1), NOW.plusSeconds(3600),
				"433ea0e0")
		.accepted(7)
		.openConnections(2)
		.build();

	private static final SeenPeer REFUSED = SeenPeer
		.builder(SpiffeId.parse("spiffe://partner.org/bank"), NOW, NOW, NOW.plusSeconds(60), "c14ed4a1")
		.refusals(SeenPeer.Refusals.builder(3).lastAt(NOW.plusSeconds(2)).lastReason("It is not listed").build())
		.unlisted("It is on no list")
		.build();

	@ParameterizedTest
	@MethodSource("mappers")
	void peersAreThoseOfBothDirections(JsonMapper mapper) {
		SpirePeersEndpoint endpoint = new SpirePeersEndpoint(
				new Peers(List.of(LET_IN, REFUSED), List.of(), 4,
						SeenPeer.Refusals.builder(1).lastAt(NOW).lastReason("It has no X.509-SVID").build()),
				(direction, seen) -> (direction == Direction.INBOUND) ? List.of("spiffe://example.org/mailer")
						: seen.stream().map(SpiffeId::toString).toList());
		assertThat(mapper.writeValueAsString(endpoint.peers())).isEqualTo("""
				{"since":"2026-11-25T20:00:00.123Z",\
				"inbound":{"peers":[\
				{"id":"spiffe://example.org/orders","firstSeenAt":"2026-11-25T20:00:00.123Z",\
				"lastSeenAt":"2026-11-25T20:00:01.123Z","accepted":7,"refused":0,"openConnections":2,\
				"expiresAt":"2026-11-25T21:00:00Z","authority":"433ea0e0"},\
				{"id":"spiffe://partner.org/bank","firstSeenAt":"2026-11-25T20:00:00.123Z",\
				"lastSeenAt":"2026-11-25T20:00:00.123Z","accepted":0,"refused":3,\
				"lastRefusedAt":"2026-11-25T20:00:02.123Z","lastRefusal":"It is not listed",\
				"unlisted":"It is on no list","openConnections":0,"expiresAt":"2026-11-25T20:01:00Z",\
				"authority":"c14ed4a1"}],\
				"forgotten":4,\
				"untrusted":{"refused":1,"lastRefusedAt":"2026-11-25T20:00:00.123Z",\
				"lastRefusal":"It has no X.509-SVID"},\
				"neverSeen":["spiffe://example.org/mailer"]},\
				"outbound":{"peers":[],"forgotten":0,"untrusted":{"refused":0},"neverSeen":[]}}""");
	}

	static Stream<Named<JsonMapper>> mappers() {
		return Stream.of(Named.of("plain", JsonMapper.builder().build()), Named
			.of("all and sorted", JsonMapper.builder()
				.changeDefaultPropertyInclusion((inclusion) -> inclusion.withValueInclusion(JsonInclude.Include.ALWAYS))
				.enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
				.build()),
				Named.of("fields", JsonMapper.builder()
					.changeDefaultVisibility((checker) -> checker.withVisibility(PropertyAccessor.FIELD, Visibility.ANY)
						.withVisibility(PropertyAccessor.GETTER, Visibility.NONE)
						.withVisibility(PropertyAccessor.IS_GETTER, Visibility.NONE))
					.build()));
	}

	private record Peers(List<SeenPeer> inbound, List<SeenPeer> outbound, long forgottenInbound,
			SeenPeer.Refusals untrustedInbound) implements SeenPeers {

		@Override
		public Instant since() {
			return NOW;
		}

		@Override
		public List<SeenPeer> peers(Direction direction) {
			return (direction == Direction.INBOUND) ? this.inbound : this.outbound;
		}

		@Override
		public long forgotten(Direction direction) {
			return (direction == Direction.INBOUND) ? this.forgottenInbound : 0;
		}

		@Override
		public SeenPeer.Refusals untrusted(Direction direction) {
			return (direction == Direction.INBOUND) ? this.untrustedInbound : SeenPeer.Refusals.NONE;
		}

		@Override
		public List<SeenAuthority> authorities() {
			return List.of();
		}

	}

}
