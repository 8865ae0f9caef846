package dev.psat.spire.autoconfigure;

import java.time.Clock;

import dev.psat.actuate.endpoint.PsatEndpointContributor;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.autoconfigure.authorization.PeerLists;
import dev.psat.spire.tls.SeenPeers;
import org.jspecify.annotations.Nullable;

/**
 * {@link PsatEndpointContributor} that adds the status of the identity, and of the files
 * that list its peers, to the {@code psat} endpoint.
 */
final class SpireEndpointContributor implements PsatEndpointContributor {

	private final SpireIdentity identity;

	private final @Nullable PeerLists lists;

	private final AuthorityUses authorities;

	/**
	 * Create a contributor.
	 * @param identity the identity
	 * @param lists the lists of who may connect, {@code null} if there are none
	 * @param peers the peers, {@code null} if nobody records them
	 */
	SpireEndpointContributor(SpireIdentity identity, @Nullable PeerLists lists, @Nullable SeenPeers peers) {
		this.identity = identity;
		this.lists = lists;
		this.authorities = new AuthorityUses(identity, peers, Clock.systemUTC());
	}

	@Override
	public String name() {
		return "spire";
	}

	@Override
	public SpireDescriptor contribute() {
		SpireStatus status = this.identity.status();
		return SpireDescriptor.of(status, this.authorities.of(status), this.lists);
	}

}
