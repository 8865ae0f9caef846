package dev.psat.spire.tls.internal;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.tls.PeerPolicy;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PeerPolicy} by the lists of the application, which may let in whom it is going
 * to refuse, and tells so. Once a list has changed, only these policies are asked again.
 */
public interface DryRunPolicy extends PeerPolicy {

	/**
	 * Return why a peer that was not refused would be if this was no dry run, to complete
	 * a sentence that begins with "the peer".
	 */
	@Nullable String reservation(SpiffeId peer);

}
