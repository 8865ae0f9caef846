package dev.psat.spire.autoconfigure.authorization.internal;

import java.time.Duration;

/**
 * The intervals by which files are watched.
 *
 * @param rest how long a file that may be half written must rest: half a list looks like
 * a whole one
 * @param unrest how long a file may keep changing before that is a problem
 * @param confirmation how long a file must be away before that is a problem
 * @param patience how long the file system may take to answer
 * @param first how long the first look may take in all
 */
record ListIntervals(Duration poll, Duration problemPoll, Duration rest, Duration unrest, Duration confirmation,
		Duration patience, Duration first) {

	static final ListIntervals DEFAULT = new ListIntervals(Duration.ofSeconds(5), Duration.ofSeconds(1),
			Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(2),
			Duration.ofSeconds(3));

}
