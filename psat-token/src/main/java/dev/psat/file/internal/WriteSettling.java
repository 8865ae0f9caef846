package dev.psat.file.internal;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Holds back a file that may be half written until it has rested. Two quick equal reads
 * prove nothing, since a writer may pause.
 */
public final class WriteSettling {

	private final Duration rest;

	private final Duration unrest;

	private boolean first = true;

	private @Nullable FileContent candidate;

	private long seenSince;

	private long restlessSince;

	private long changedAt;

	private long lookedAt;

	/**
	 * Create an instance.
	 * @param rest how long a content must rest
	 * @param unrest how long the content may keep changing before the file is restless
	 */
	public WriteSettling(Duration rest, Duration unrest) {
		this.rest = rest;
		this.unrest = unrest;
	}

	/**
	 * Return how much longer this content must rest. The rest is counted from the end of
	 * the first read to the beginning of the last one. The very first content may be
	 * accepted if it has been unchanged for a second; later ones may not, since the clock
	 * of the file system can be behind.
	 * @param content what was read
	 * @param began when the read began
	 * @param ended when the read ended
	 * @return the time left, {@code null} if the content is settled
	 */
	public @Nullable Duration restLeft(FileContent content, long began, long ended) {
		boolean settled = content.whole() || (content.quiet() && this.first);
		this.first = false;
		if (settled) {
			settle();
			return null;
		}
		if (this.candidate == null || began - this.lookedAt > this.unrest.toNanos() / 2) {
			// between looks that are far apart it may have rested
			this.restlessSince = ended;
		}
		this.lookedAt = ended;
		if (this.candidate == null || !this.candidate.isSameAs(content)) {
			this.candidate = content;
			this.changedAt = began;
			this.seenSince = ended;
			return this.rest;
		}
		Duration left = this.rest.minusNanos(began - this.seenSince);
		if (left.isNegative() || left.isZero()) {
			settle();
			return null;
		}
		return left;
	}

	/**
	 * Return whether the file has kept changing for so long that it cannot be expected to
	 * rest. A read that takes long is no change.
	 * @return whether it is restless
	 */
	public boolean isRestless() {
		return this.candidate != null && this.changedAt - this.restlessSince >= this.unrest.toNanos();
	}

	/**
	 * Record a look that has nothing to hold back.
	 */
	public void settle() {
		this.candidate = null;
	}

}
