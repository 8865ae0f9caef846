package dev.psat.sample;

import java.util.Arrays;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeCounts;
import dev.psat.spire.tls.HandshakeOutcome;

/**
 * How many peers were accepted and refused since the application was started.
 *
 * @param clients the peers that called the application
 * @param servers the peers that it called
 */
record Handshakes(Peers clients, Peers servers) {

	static Handshakes of(HandshakeCounts counts) {
		return new Handshakes(Peers.of(counts, Direction.INBOUND), Peers.of(counts, Direction.OUTBOUND));
	}

	record Peers(long accepted, long refused) {

		private static Peers of(HandshakeCounts counts, Direction direction) {
			long refused = Arrays.stream(HandshakeOutcome.values())
				.filter((outcome) -> outcome != HandshakeOutcome.ACCEPTED)
				.mapToLong((outcome) -> counts.count(direction, outcome))
				.sum();
			return new Peers(counts.count(direction, HandshakeOutcome.ACCEPTED), refused);
		}

	}

}
