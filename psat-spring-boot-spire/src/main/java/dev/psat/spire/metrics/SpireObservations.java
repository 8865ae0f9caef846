package dev.psat.spire.metrics;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Makes an observation of each request to the SPIRE Server. A singleton that is never
 * lazy, since nothing depends on it.
 */
final class SpireObservations implements SpireObserver, SmartInitializingSingleton, DisposableBean {

	/** No meter has a name like this, but for those that a handler makes. */
	static final String PREFIX = "spire.request.";

	private final SpireIdentity identity;

	private final ObservationRegistry registry;

	SpireObservations(SpireIdentity identity, ObservationRegistry registry) {
		this.identity = identity;
		this.registry = registry;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.identity.addObserver(this);
	}

	/**
	 * The identity may belong to a parent context, which outlives the registry.
	 */
	@Override
	public void destroy() {
		this.identity.removeObserver(this);
	}

	@Override
	public Ending requesting(Request request) {
		Observation observation = switch (request.type()) {
			case ATTESTATION -> observation("attestation", "spire attestation");
			case X509_SVID -> observation("x509.svid", "spire x509-svid");
			case JWT_SVID -> observation("jwt.svid", "spire jwt-svid").highCardinalityKeyValue("audience",
					String.join(", ", request.audience()));
		};
		ObservedRequest observed = new ObservedRequest(observation, this.registry);
		observed.begin();
		return observed;
	}

	private Observation observation(String name, String contextualName) {
		return Observation.createNotStarted(PREFIX + name, this.registry).contextualName(contextualName);
	}

}
