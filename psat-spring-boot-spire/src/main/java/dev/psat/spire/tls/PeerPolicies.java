package dev.psat.spire.tls;

import java.util.function.Predicate;

import dev.psat.spire.client.SpiffeId;

/**
 * Who may connect in either direction.
 *
 * @param inbound who may call this application
 * @param outbound whom this application may call
 * @since 0.1.0
 */
public record PeerPolicies(PeerPolicy inbound, PeerPolicy outbound) {

	/**
	 * Return policies that refuse everybody.
	 * @param reason why, which goes on where "the peer" ends
	 * @return the policies
	 */
	public static PeerPolicies refusing(String reason) {
		PeerPolicy policy = (peer) -> reason;
		return new PeerPolicies(policy, policy);
	}

	/**
	 * Return policies that a predicate decides on in both directions.
	 * @param authorized tells which workloads may connect
	 * @return the policies
	 */
	public static PeerPolicies of(Predicate<SpiffeId> authorized) {
		PeerPolicy policy = (peer) -> authorized.test(peer) ? null
				: "is not authorized by the application's own policy";
		return new PeerPolicies(policy, policy);
	}

	PeerPolicy towards(Direction direction) {
		return (direction == Direction.INBOUND) ? this.inbound : this.outbound;
	}

}
