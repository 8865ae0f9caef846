package dev.psat.spire.autoconfigure;

import dev.psat.actuate.endpoint.PsatEndpointContributor;
import dev.psat.spire.SpireIdentity;

/**
 * {@link PsatEndpointContributor} that adds the status of the identity to the
 * {@code psat} endpoint.
 */
final class SpireEndpointContributor implements PsatEndpointContributor {

	private final SpireIdentity identity;

	SpireEndpointContributor(SpireIdentity identity) {
		this.identity = identity;
	}

	@Override
	public String name() {
		return "spire";
	}

	@Override
	public SpireDescriptor contribute() {
		return SpireDescriptor.of(this.identity.status());
	}

}
