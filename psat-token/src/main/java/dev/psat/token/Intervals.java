package dev.psat.token;

import java.time.Duration;

/**
 * The intervals by which a source operates.
 *
 * @param clockCheck how long to sleep at most without a look at the clock, which may jump
 * @param problemPoll the same, while something is wrong
 * @param confirmation how long a new problem must last before it is believed
 * @param eventGrace how long after a change its event may arrive
 * @param watchRetry how long to wait before trying to watch again
 * @param lookPatience how long a look may take before it is considered to hang
 * @param patience how long a caller that asks for a token waits for a look
 */
record Intervals(Duration poll, Duration clockCheck, Duration problemPoll, Duration settling, Duration unrest,
		Duration confirmation, Duration eventGrace, Duration watchRetry, Duration watchPatience, Duration lookPatience,
		Duration patience) {

	static Intervals withPoll(Duration poll) {
		return new Intervals(poll, Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofMillis(100),
				Duration.ofMillis(1500), Duration.ofMillis(250), Duration.ofMillis(50), Duration.ofMinutes(3),
				Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMillis(500));
	}

	Duration pollWhile(boolean problematic) {
		return (problematic && this.problemPoll.compareTo(this.poll) < 0) ? this.problemPoll : this.poll;
	}

}
