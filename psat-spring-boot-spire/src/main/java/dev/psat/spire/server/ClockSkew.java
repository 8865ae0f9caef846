package dev.psat.spire.server;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import dev.psat.spiffe.X509Svid;

/**
 * How far the server's clock is ahead. It is never a reason to refuse anything.
 */
final class ClockSkew {

	/** Anything less may be due to a queue and the network. */
	private static final Duration NOTABLE = Duration.ofSeconds(30);

	private ClockSkew() {
	}

	/**
	 * Return the skew.
	 * @param svid an SVID that was just issued
	 * @param now the current time
	 * @return the skew in whole seconds, zero unless it is more than 30 seconds
	 */
	static Duration of(X509Svid svid, Instant now) {
		Duration skew = Duration.between(now, svid.issuedAt()).truncatedTo(ChronoUnit.SECONDS);
		return (skew.abs().compareTo(NOTABLE) > 0) ? skew : Duration.ZERO;
	}

}
