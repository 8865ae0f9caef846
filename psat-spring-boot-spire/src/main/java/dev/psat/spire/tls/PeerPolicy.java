package dev.psat.spire.tls;

import dev.psat.spire.client.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * Decides which workloads may connect. It is called during each handshake, and wherever a
 * connected client is verified again, once the trust bundle vouches for the peer, and
 * never for IDs under {@code /spire/}.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PeerPolicy {

	/**
	 * Decide on a peer.
	 * @param peer the ID of a workload of this trust domain
	 * @return {@code null} if it may connect, or else the reason for the refusal, which
	 * completes a sentence that begins with "the peer", such as
	 * {@code is not on the list ...}
	 */
	@Nullable String refusal(SpiffeId peer);

}
