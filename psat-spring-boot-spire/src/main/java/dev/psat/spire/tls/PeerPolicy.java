package dev.psat.spire.tls;

import dev.psat.spire.client.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * Which workloads may connect. Asked at each handshake, after the trust bundle has
 * vouched for the peer, and never for an ID under {@code /spire/}.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PeerPolicy {

	/**
	 * Decide on a peer.
	 * @param peer the ID of a workload of the own trust domain
	 * @return {@code null} if it may connect, or else what refuses it, which goes on
	 * where "the peer" ends: {@code is not on the list ...}
	 */
	@Nullable String refusal(SpiffeId peer);

}
