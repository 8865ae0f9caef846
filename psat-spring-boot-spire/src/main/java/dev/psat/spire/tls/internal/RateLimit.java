package dev.psat.spire.tls.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Permits each subject once a minute, and at most a hundred subjects a minute.
 */
final class RateLimit {

	private static final long MINUTE = Duration.ofMinutes(1).toMillis();

	private static final int MOST = 100;

	private final Clock clock;

	private final Map<String, Long> permitted = new HashMap<>();

	RateLimit(Clock clock) {
		this.clock = clock;
	}

	synchronized boolean permits(String subject) {
		long now = this.clock.millis();
		this.permitted.values().removeIf((at) -> now - at >= MINUTE || now < at);
		return this.permitted.size() < MOST && this.permitted.putIfAbsent(subject, now) == null;
	}

}
