package dev.psat.file.internal;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Believes a new problem only once it has lasted, since a file that is written in place
 * flaps. A problem of any kind lasts until a look sees none, or sees what is already
 * believed; a look that tells nothing does not count. The very first look is believed
 * immediately.
 */
public final class Confirmation {

	private final Duration lasting;

	/** When looks began to see a problem that is not believed yet. */
	private @Nullable Long since;

	public Confirmation(Duration lasting) {
		this.lasting = lasting;
	}

	/**
	 * How much longer the seen problem must last before it is believed, {@code null} if
	 * it is.
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
