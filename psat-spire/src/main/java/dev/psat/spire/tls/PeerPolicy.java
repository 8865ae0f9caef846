package dev.psat.spire.tls;

import java.util.Set;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import org.jspecify.annotations.Nullable;

/**
 * Decides which workloads may connect. It is called during each handshake, wherever a
 * connected client is verified again, and for open connections when the bundle is told to
 * {@code reauthorize()} them, once the trust bundle of its trust domain vouches for the
 * peer, and never for IDs under {@code /spire/}. Workloads of other trust domains than
 * the own one are refused unless the policy says that it {@link #trustDomains() decides
 * on them}, since each of them could have the paths that workloads have here.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PeerPolicy {

	/**
	 * Decide on a peer.
	 * @param peer the ID of a workload of the own trust domain, or of one of
	 * {@link #trustDomains()}
	 * @return {@code null} if it may connect, or else the reason for the refusal, which
	 * completes a sentence that begins with "the peer", such as
	 * {@code is not on the list ...}
	 */
	@Nullable String refusal(SpiffeId peer);

	/**
	 * Return the trust domains, other than the own one, whose workloads the policy
	 * decides on. It does not make them trusted: that takes federation. The own one, that
	 * of the current trust bundle, is always decided on, listed or not.
	 * @return the trust domains, none by default
	 */
	default Set<TrustDomain> trustDomains() {
		return Set.of();
	}

}
