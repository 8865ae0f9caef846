package dev.psat.spire.tls.internal;

import java.util.Objects;
import java.util.function.Predicate;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.PeerPolicy;

/**
 * The policies for both directions.
 *
 * @param inbound decides who may call this application
 * @param outbound decides whom this application may call
 * @since 0.1.0
 */
public record PeerPolicies(PeerPolicy inbound, PeerPolicy outbound) {

	public PeerPolicies {
		Objects.requireNonNull(inbound, "'inbound' must not be null");
		Objects.requireNonNull(outbound, "'outbound' must not be null");
	}

	/**
	 * Create policies that refuse every peer.
	 * @param reason the reason, which completes a sentence that begins with "the peer"
	 * @return the policies
	 */
	public static PeerPolicies refusing(String reason) {
		Objects.requireNonNull(reason, "'reason' must not be null");
		PeerPolicy policy = (peer) -> reason;
		return new PeerPolicies(policy, policy);
	}

	/**
	 * Create policies that use the same predicate for both directions.
	 * @param authorized tests whether a workload may connect
	 * @return the policies
	 */
	public static PeerPolicies of(Predicate<SpiffeId> authorized) {
		Objects.requireNonNull(authorized, "'authorized' must not be null");
		PeerPolicy policy = (peer) -> authorized.test(peer) ? null
				: "is not authorized by the application's own policy";
		return new PeerPolicies(policy, policy);
	}

	PeerPolicy towards(Direction direction) {
		return (direction == Direction.INBOUND) ? this.inbound : this.outbound;
	}

}
