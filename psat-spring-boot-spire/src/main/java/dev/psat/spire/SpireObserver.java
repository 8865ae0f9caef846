package dev.psat.spire;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Learns what an identity does. Whatever it throws is logged once and changes nothing.
 * Outcomes are {@code success}, or the reason of a failure in kebab case, such as
 * {@code service-account-not-allowed}; see {@link SpireStatus.LastError#reason()}.
 *
 * @since 0.1.0
 */
public interface SpireObserver {

	/**
	 * An attestation was tried. Called by the thread that did, so do not wait.
	 * @param outcome the outcome
	 * @param time how long it took, the queue of the server included
	 */
	default void attested(String outcome, Duration time) {
	}

	/**
	 * The renewal of the X.509-SVID was tried, or there is the first one. Called by the
	 * thread that did, so do not wait.
	 * @param outcome the outcome
	 */
	default void renewed(String outcome) {
	}

	/**
	 * The server was asked for the trust bundle. Called by the thread that did, so do not
	 * wait.
	 * @param outcome the outcome
	 */
	default void refreshed(String outcome) {
	}

	/**
	 * The state or the X.509-SVID is another one. Called one after the other by a thread
	 * of its own; a slow observer learns the latest status and not each.
	 * @param previous the status that this observer knew
	 * @param current the status now
	 */
	default void changed(SpireStatus previous, SpireStatus current) {
	}

}
