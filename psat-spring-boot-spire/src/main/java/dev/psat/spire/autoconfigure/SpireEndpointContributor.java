package dev.psat.spire.autoconfigure;

import dev.psat.actuate.endpoint.PsatEndpointContributor;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.autoconfigure.authorization.PeerLists;
import org.jspecify.annotations.Nullable;

/**
 * {@link PsatEndpointContributor} that adds the status of the identity, and of the files
 * that list its peers, to the {@code psat} endpoint.
 */
final class SpireEndpointContributor implements PsatEndpointContributor {

	private final SpireIdentity identity;

	private final @Nullable PeerLists peers;

	/**
	 * Create a contributor.
	 * @param identity the identity
	 * @param peers the lists of who may connect, {@code null} if there are none
	 */
	SpireEndpointContributor(SpireIdentity identity, @Nullable PeerLists peers) {
		this.identity = identity;
		this.peers = peers;
	}

	@Override
	public String name() {
		return "spire";
	}

	@Override
	public SpireDescriptor contribute() {
		return SpireDescriptor.of(this.identity.status(), this.peers);
	}

}
