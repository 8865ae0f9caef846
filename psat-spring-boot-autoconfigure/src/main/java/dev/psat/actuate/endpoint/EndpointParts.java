package dev.psat.actuate.endpoint;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;
import org.springframework.util.Assert;

/**
 * The parts contributed to {@link PsatEndpoint}, each under its own name.
 */
final class EndpointParts {

	private static final Log logger = LogFactory.getLog(PsatEndpoint.class);

	private final Map<String, PsatEndpointContributor> contributors = new LinkedHashMap<>();

	private final Map<String, Class<?>> failures = new ConcurrentHashMap<>();

	EndpointParts(Collection<PsatEndpointContributor> contributors) {
		for (PsatEndpointContributor contributor : contributors) {
			String name = contributor.name();
			Assert.state(
					!PsatDescriptor.MEMBERS.contains(name) && this.contributors.putIfAbsent(name, contributor) == null,
					() -> "The endpoint '%s' already has a part named '%s'".formatted(PsatEndpoint.ID, name));
		}
	}

	Map<String, Object> contribute() {
		Map<String, Object> parts = new LinkedHashMap<>();
		this.contributors.forEach((name, contributor) -> {
			Object part = contribute(name, contributor);
			if (part != null) {
				parts.put(name, part);
			}
		});
		return parts;
	}

	private @Nullable Object contribute(String name, PsatEndpointContributor contributor) {
		try {
			Object part = contributor.contribute();
			this.failures.remove(name);
			return part;
		}
		catch (RuntimeException ex) {
			if (this.failures.put(name, ex.getClass()) != ex.getClass()) {
				// only the type, since a message could contain anything
				logger.warn(LogMessage.format("The endpoint '%s' is shown without its part '%s', which failed with %s",
						PsatEndpoint.ID, name, ex.getClass().getName()));
			}
			return null;
		}
	}

}
