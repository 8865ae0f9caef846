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
import org.jspecify.annotations.Nullable;
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

	private static final Refusals NO_REFUSALS = new Refusals(0, null, null);

	private static final SeenPeer LET_IN = new Peer(SpiffeId.parse("spiffe://example.org/orders"), NOW,
			NOW.plusSeconds(1), 7, NO_REFUSALS, null, 2, NOW.plusSeconds(3600), "433ea0e0");

	private static final SeenPeer REFUSED = new Peer(SpiffeId.parse("spiffe://partner.org/bank"), NOW, NOW, 0,
			new Refusals(3, NOW.plusSeconds(2), "It is not listed"), "It is on no list", 0, NOW.plusSeconds(60),
			"c14ed4a1");

	@ParameterizedTest
	@MethodSource("mappers")
	void peersAreThoseOfBothDirections(JsonMapper mapper) {
		SpirePeersEndpoint endpoint = new SpirePeersEndpoint(
				new Peers(List.of(LET_IN, REFUSED), List.of(), 4, new Refusals(1, NOW, "It has no X.509-SVID")),
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
			Refusals untrustedInbound) implements SeenPeers {

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
			return (direction == Direction.INBOUND) ? this.untrustedInbound : NO_REFUSALS;
		}

		@Override
		public List<SeenAuthority> authorities() {
			return List.of();
		}

	}

	private record Peer(SpiffeId id, Instant firstSeen, Instant lastSeen, long accepted, Refusals refusals,
			@Nullable String unlisted, int openConnections, Instant expiresAt, String authority) implements SeenPeer {

	}

	private record Refusals(long count, @Nullable Instant lastAt,
			@Nullable String lastReason) implements SeenPeer.Refusals {

	}

}
