package dev.psat.token;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Believes in new trouble only when it lasts, since a file that is written in place
 * flaps. Trouble of whatever kind lasts until a look that sees none; a look that says
 * nothing is no such look. The very first look is believed at once.
 */
final class Confirmation {

	private final Duration lasting;

	private @Nullable Suspicion suspicion;

	Confirmation(Duration lasting) {
		this.lasting = lasting;
	}

	/**
	 * Return how much longer what a look saw must last until it is believed.
	 * @param known what is believed so far
	 * @param seen the trouble that the look saw, {@code null} if it saw none
	 * @param now the present
	 * @return the time left, {@code null} if what it saw is believed
	 */
	@Nullable Duration doubt(SourceView known, @Nullable Trouble seen, long now) {
		if (seen == null || known.state() == null || known.state() == seen.state()) {
			this.suspicion = null;
			return null;
		}
		Suspicion suspicion = this.suspicion;
		if (suspicion == null || (known.trouble() != null && suspicion.state() != seen.state())) {
			suspicion = new Suspicion(seen.state(), now);
			this.suspicion = suspicion;
		}
		Duration left = this.lasting.minusNanos(now - suspicion.since());
		if (left.isNegative() || left.isZero()) {
			this.suspicion = null;
			return null;
		}
		return left;
	}

	/**
	 * Trouble that is not believed yet.
	 *
	 * @param state the trouble that was seen first; while another trouble is believed,
	 * this one alone must last, so that the state does not flap between them
	 * @param since since when
	 */
	private record Suspicion(SourceState state, long since) {

	}

}
