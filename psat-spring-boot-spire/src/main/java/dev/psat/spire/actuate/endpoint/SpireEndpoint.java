package dev.psat.spire.actuate.endpoint;

import dev.psat.concurrent.internal.Time;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.actuate.endpoint.AuthorityUses;
import dev.psat.spire.autoconfigure.authorization.internal.PeerLists;
import dev.psat.spire.autoconfigure.internal.SpireWiring;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

@Endpoint(id = "spire", defaultAccess = Access.READ_ONLY)
final class SpireEndpoint {

	private final SpireIdentity identity;

	private final @Nullable PeerLists lists;

	private final AuthorityUses authorities;

	SpireEndpoint(SpireIdentity identity, @Nullable SpireWiring wiring) {
		this.identity = identity;
		this.lists = (wiring != null) ? wiring.peers() : null;
		this.authorities = new AuthorityUses(identity, (wiring != null) ? wiring.bundle().peers() : null,
				Time.ofSystem().clock());
	}

	@ReadOperation
	SpireDescriptor spire() {
		try {
			SpireStatus status = this.identity.status();
			return SpireDescriptor.of(status, this.authorities.of(status), this.lists);
		}
		catch (RuntimeException ex) {
			// only the type, since a message could contain anything
			throw new IllegalStateException(
					"The identity has no status to show: it failed with " + ex.getClass().getName());
		}
	}

}
