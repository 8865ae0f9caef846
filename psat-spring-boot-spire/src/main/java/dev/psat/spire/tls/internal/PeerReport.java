package dev.psat.spire.tls.internal;

import java.time.Clock;

import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.HandshakeCounts;
import dev.psat.spire.tls.HandshakeOutcome;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.log.LogMessage;

/**
 * Counts the outcomes of handshakes, and logs refused peers: each one that the trust
 * bundle vouches for once a minute, and the others, whose names prove nothing, once a
 * minute for each direction and outcome. Since strangers can connect as often as they
 * like, there are at most a hundred lines a minute.
 */
final class PeerReport {

	private static final Log logger = LogFactory.getLog("dev.psat.spire.tls.SvidTls");

	private final HandshakeCounters counts = new HandshakeCounters();

	private final RateLimit limit;

	PeerReport(Clock clock) {
		this.limit = new RateLimit(clock);
	}

	HandshakeCounts counts() {
		return this.counts;
	}

	void accepted(Direction direction) {
		this.counts.add(direction, HandshakeOutcome.ACCEPTED);
	}

	/**
	 * Record that a peer was refused.
	 * @param direction the direction
	 * @param outcome the outcome
	 * @param problem the problem, as a sentence without a full stop
	 */
	void refused(Direction direction, HandshakeOutcome outcome, String problem) {
		this.counts.add(direction, outcome);
		// an untrusted peer can claim any name, so it cannot be a key
		String known = (outcome == HandshakeOutcome.UNAUTHORIZED) ? problem : "";
		if (this.limit.permits(direction + " " + outcome + " " + known)) {
			logger.warn(LogMessage.format("%s refused: %s",
					(direction == Direction.INBOUND) ? "A client was" : "A server was", problem));
		}
	}

	/**
	 * Record that a client was turned away since the server would let in anybody.
	 */
	void unasked() {
		if (this.limit.permits("unasked")) {
			logger.warn("A client was turned away: the server does not require a client certificate, so the SSL "
					+ "bundle could not decide who may connect");
		}
	}

	/**
	 * Record that a client was turned away since this application has no X.509-SVID.
	 * @param reason why there is none
	 */
	void absent(String reason) {
		if (this.limit.permits("absent")) {
			logger.warn(LogMessage.format("A client was turned away: there is no X.509-SVID to serve. %s", reason));
		}
	}

}
