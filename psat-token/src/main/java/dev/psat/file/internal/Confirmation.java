package dev.psat.file.internal;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Believes a new problem only once it has lasted, since a file that is written in place
 * flaps. A problem of any kind lasts until a look sees none, or sees what is already
 * believed; a look that is not telling does not count. The very first look is believed
 * immediately.
 */
public final class Confirmation {

	private final Duration lasting;

	/** When looks began to see a problem that is not believed yet. */
	private @Nullable Long since;

	/**
	 * Create an instance.
	 * @param lasting how long a new problem must last
	 */
	public Confirmation(Duration lasting) {
		this.lasting = lasting;
	}

	/**
	 * Return how much longer what a look saw must last before it is believed.
	 * @param known the state that is believed so far, {@code null} before the first look
	 * @param seen the state of a problem that the look saw, {@code null} if it saw none
	 * @param now the current time
	 * @return the time left, {@code null} if what it saw is believed
	 */
	public @Nullable Duration doubt(@Nullable Object known, @Nullable Object seen, long now) {
		if (seen == null || known == null || known == seen) {
			this.since = null;
			return null;
		}
		if (this.since == null) {
			this.since = now;
		}
		Duration left = this.lasting.minusNanos(now - this.since);
		if (left.isNegative() || left.isZero()) {
			this.since = null;
			return null;
		}
		return left;
	}

}
