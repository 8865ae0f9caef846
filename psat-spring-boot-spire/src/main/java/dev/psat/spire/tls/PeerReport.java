package dev.psat.spire.tls;

import java.time.Clock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.log.LogMessage;

/**
 * Counts what comes of handshakes, and tells of peers that were refused: of one that the
 * trust bundle vouches for once a minute, of all others, whose names prove nothing, once
 * a minute for each direction. Strangers can knock as often as they like, so a hundred
 * lines a minute are the most.
 */
final class PeerReport {

	private static final Log logger = LogFactory.getLog(SvidTls.class);

	private final HandshakeCounts counts = new HandshakeCounts();

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
	 * @param direction who began the connection
	 * @param outcome why
	 * @param problem why, as a sentence without its full stop
	 */
	void refused(Direction direction, HandshakeOutcome outcome, String problem) {
		this.counts.add(direction, outcome);
		// what an untrusted peer claims to be is anything, and is no key
		String known = (outcome == HandshakeOutcome.UNAUTHORIZED) ? problem : "";
		if (this.limit.permits(direction + " " + outcome + " " + known)) {
			logger.warn(LogMessage.format("%s refused: %s",
					(direction == Direction.INBOUND) ? "A client was" : "A server was", problem));
		}
	}

	/**
	 * Record that a client had to be turned away for want of an X.509-SVID of our own.
	 * @param reason why there is none
	 */
	void absent(String reason) {
		if (this.limit.permits("absent")) {
			logger.warn(LogMessage.format("A client was turned away: there is no X.509-SVID to serve. %s", reason));
		}
	}

}
