package dev.psat.spire.autoconfigure;

import java.util.List;
import java.util.Set;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tls.internal.SpiffeIdPattern;
import org.jspecify.annotations.Nullable;

/**
 * {@link PeerPolicy} that authorizes the peers listed in a property.
 *
 * @param property the name of the property
 * @param patterns the patterns that it lists
 * @param any whether every workload of the own trust domain may connect
 * @param federated the trust domains whose workloads may be listed besides those of the
 * own one
 */
record AuthorizedPeers(String property, List<SpiffeIdPattern> patterns, boolean any,
		Set<TrustDomain> federated) implements PeerPolicy {

	@Override
	public @Nullable String refusal(SpiffeId peer) {
		boolean meant = this.any && !this.federated.contains(peer.trustDomain());
		if (meant || this.patterns.stream().anyMatch((pattern) -> pattern.matches(peer))) {
			return null;
		}
		return "is not listed in '%s'%s%s".formatted(this.property, this.patterns.isEmpty() ? ", which is empty" : "",
				this.any ? ", as a workload of another trust domain has to be" : "");
	}

	@Override
	public Set<TrustDomain> trustDomains() {
		return this.federated;
	}

}
