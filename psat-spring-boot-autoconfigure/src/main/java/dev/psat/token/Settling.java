package dev.psat.token;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Holds back a file that may be half written until it has rested. Two quick equal reads
 * prove nothing: a writer may pause.
 */
final class Settling {

	private final Duration rest;

	private @Nullable FileContent candidate;

	private long since;

	Settling(Duration rest) {
		this.rest = rest;
	}

	/**
	 * Return how long this content still has to rest. The rest counts from the end of the
	 * first read to the beginning of the last one.
	 * @param content what was read
	 * @param began when the read began
	 * @param ended when the read ended
	 * @return the time left, zero if it may be taken
	 */
	Duration timeLeft(FileContent content, long began, long ended) {
		if (content.whole() || content.quiet()) {
			this.candidate = null;
			return Duration.ZERO;
		}
		if (this.candidate == null || !this.candidate.isSameAs(content)) {
			this.candidate = content;
			this.since = ended;
			return this.rest;
		}
		Duration left = this.rest.minusNanos(began - this.since);
		return left.isNegative() ? Duration.ZERO : left;
	}

}
