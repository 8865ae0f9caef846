package dev.psat.spire.tls;

import java.util.Set;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
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

	/**
	 * Return the trust domains, other than the own one, whose workloads the policy
	 * decides on. Workloads of other trust domains are refused so far, whatever it
	 * returns.
	 * @return the trust domains, none by default
	 */
	default Set<TrustDomain> trustDomains() {
		return Set.of();
	}

}
