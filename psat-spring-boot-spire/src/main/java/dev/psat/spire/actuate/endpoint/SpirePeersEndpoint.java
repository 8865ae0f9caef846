package dev.psat.spire.actuate.endpoint;

import java.util.Collection;
import java.util.List;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.SeenPeers;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** Whom this instance has let in and refused, and who is on a list but was never seen. */
@Endpoint(id = "spirepeers")
final class SpirePeersEndpoint {

	private final SeenPeers peers;

	private final Lists lists;

	SpirePeersEndpoint(SeenPeers peers, Lists lists) {
		this.peers = peers;
		this.lists = lists;
	}

	@ReadOperation
	SpirePeersDescriptor peers() {
		return SpirePeersDescriptor.of(this.peers, this.lists);
	}

	@FunctionalInterface
	interface Lists {

		/** Return what is listed and stands for none of the peers. */
		List<String> neverSeen(Direction direction, Collection<SpiffeId> seen);

	}

}
