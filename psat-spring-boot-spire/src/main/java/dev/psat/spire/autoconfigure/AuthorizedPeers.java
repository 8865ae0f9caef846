package dev.psat.spire.autoconfigure;

import java.util.List;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.tls.PeerPolicy;
import dev.psat.spire.tls.internal.SpiffeIdPattern;
import org.jspecify.annotations.Nullable;

/**
 * {@link PeerPolicy} that authorizes the peers listed in a property.
 *
 * @param property the name of the property
 * @param patterns the patterns that it lists
 * @param any whether every workload may connect
 */
record AuthorizedPeers(String property, List<SpiffeIdPattern> patterns, boolean any) implements PeerPolicy {

	@Override
	public @Nullable String refusal(SpiffeId peer) {
		if (this.any || this.patterns.stream().anyMatch((pattern) -> pattern.matches(peer))) {
			return null;
		}
		return "is not listed in '%s'%s".formatted(this.property, this.patterns.isEmpty() ? ", which is empty" : "");
	}

}
