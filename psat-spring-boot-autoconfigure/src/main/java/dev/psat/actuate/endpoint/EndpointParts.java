package dev.psat.actuate.endpoint;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.util.Assert;

/**
 * What others contribute to {@link PsatEndpoint}, each under a name of its own.
 */
final class EndpointParts {

	private final Map<String, PsatEndpointContributor> contributors = new LinkedHashMap<>();

	EndpointParts(Collection<PsatEndpointContributor> contributors) {
		for (PsatEndpointContributor contributor : contributors) {
			String name = contributor.name();
			Assert.state(
					!PsatDescriptor.MEMBERS.contains(name) && this.contributors.putIfAbsent(name, contributor) == null,
					() -> "The endpoint '%s' has a part named '%s' already".formatted(PsatEndpoint.ID, name));
		}
	}

	Map<String, Object> contribute() {
		Map<String, Object> parts = new LinkedHashMap<>();
		this.contributors.forEach((name, contributor) -> {
			Object part = contributor.contribute();
			if (part != null) {
				parts.put(name, part);
			}
		});
		return parts;
	}

}
