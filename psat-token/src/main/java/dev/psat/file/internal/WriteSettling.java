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

	private LinkedFile.@Nullable Content candidate;

	private long seenSince;

	private long restlessSince;

	private long changedAt;

	private long lookedAt;

	public WriteSettling(Duration rest, Duration unrest) {
		this.rest = rest;
		this.unrest = unrest;
	}

	/**
	 * Return how much longer this content must rest, {@code null} if it is settled. The
	 * rest is counted from the end of the first read to the beginning of the last one.
	 * The very first content may be accepted if it has been unchanged for a second; later
	 * ones may not, since the clock of the file system can be behind.
	 */
	public @Nullable Duration restLeft(LinkedFile.Content content, long began, long ended) {
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
	 * Whether the file has kept changing for so long that it cannot be expected to rest.
	 * A read that takes long is no change.
	 */
	public boolean isRestless() {
		return this.candidate != null && this.changedAt - this.restlessSince >= this.unrest.toNanos();
	}

	/** A look has nothing to hold back. */
	public void settle() {
		this.candidate = null;
	}

}
