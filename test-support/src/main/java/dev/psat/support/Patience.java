package dev.psat.support;

import java.time.Duration;

/**
 * How long tests wait for what has to happen, however slow the machine is. It is what a
 * failure costs, and nothing else: a promise of the library is never measured by it.
 */
public final class Patience {

	/** For whatever takes seconds. */
	public static final long SECONDS = 300;

	/** For sockets and threads. */
	public static final int MILLIS = 300_000;

	public static final Duration LIMIT = Duration.ofSeconds(SECONDS);

	private Patience() {
	}

}
