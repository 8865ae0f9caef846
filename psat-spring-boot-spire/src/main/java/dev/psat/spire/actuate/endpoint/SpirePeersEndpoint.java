package dev.psat.spire.actuate.endpoint;

import java.util.Collection;
import java.util.List;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.SeenPeers;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.util.Assert;

/**
 * {@link Endpoint @Endpoint} to expose which peers this instance has let in and refused
 * by their SPIFFE IDs, and who is on a list but was never seen.
 *
 * @since 0.1.0
 */
@Endpoint(id = "spirepeers")
public final class SpirePeersEndpoint {

	private final SeenPeers peers;

	private final Lists lists;

	/**
	 * Create an endpoint.
	 * @param peers the peers
	 * @param lists who is listed
	 */
	public SpirePeersEndpoint(SeenPeers peers, Lists lists) {
		Assert.notNull(peers, "'peers' must not be null");
		Assert.notNull(lists, "'lists' must not be null");
		this.peers = peers;
		this.lists = lists;
	}

	/**
	 * Return the peers that are known.
	 * @return the peers of both directions
	 */
	@ReadOperation
	public SpirePeersDescriptor peers() {
		return new SpirePeersDescriptor(this.peers, this.lists);
	}

	/**
	 * The lists of the application.
	 */
	@FunctionalInterface
	public interface Lists {

		/**
		 * Return what is listed and stands for none of the peers.
		 * @param direction the direction
		 * @param seen the peers
		 * @return the items of the list for that direction
		 */
		List<String> neverSeen(Direction direction, Collection<SpiffeId> seen);

	}

}
