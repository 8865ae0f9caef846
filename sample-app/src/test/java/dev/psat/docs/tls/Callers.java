package dev.psat.docs.tls;

import java.util.Set;

// tag::policies[]
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.autoconfigure.AuthorizesPeers;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.PeerPolicy;
// end::policies[]
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Whom the documentation lets decide.
 */
final class Callers {

	private Callers() {
	}

	// tag::policies[]
	@Component
	@AuthorizesPeers(Direction.INBOUND)
	record CallersPolicy(CallerRepository callers) implements PeerPolicy {

		@Override
		public @Nullable String refusal(SpiffeId peer) {
			return this.callers.exists(peer.toString()) ? null : "is not in the table of callers";
		}

	}

	@Component
	@AuthorizesPeers(bundle = "partner")
	record PartnerPolicy() implements PeerPolicy {

		@Override
		public @Nullable String refusal(SpiffeId peer) {
			boolean theirs = peer.trustDomain().equals(TrustDomain.of("partner.org"));
			return theirs ? null : "is none of the partner's";
		}

		@Override
		public Set<TrustDomain> trustDomains() {
			return Set.of(TrustDomain.of("partner.org"));
		}

	}
	// end::policies[]

	/**
	 * The table of callers.
	 */
	interface CallerRepository {

		boolean exists(String spiffeId);

	}

}
