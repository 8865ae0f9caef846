package dev.psat.spire.tls.internal;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.tls.PeerPolicy;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PeerPolicy} by the lists of the application, which may let in whom it is going
 * to refuse, and tells so. Once a list has changed, these policies alone are asked again.
 *
 * @since 0.1.0
 */
public interface DryRunPolicy extends PeerPolicy {

	/**
	 * Return why a peer that may connect would be refused if this was no dry run.
	 * @param peer a peer that was not refused
	 * @return the reason, which completes a sentence that begins with "the peer",
	 * {@code null} if it would not be refused
	 */
	@Nullable String reservation(SpiffeId peer);

}
