package dev.psat.spire.metrics;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Observes each request to the SPIRE Server. Never lazy, since nothing depends on it. */
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

	// the identity may belong to a parent context, which outlives the registry
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

	/**
	 * Whatever its handlers throw, the thread goes back to the observation that it had
	 * before.
	 */
	private static final class ObservedRequest implements SpireObserver.Ending {

		private static final String SUCCESS = "success";

		private final Observation observation;

		private final ObservationRegistry registry;

		private final Observation.@Nullable Scope before;

		private Observation.@Nullable Scope scope;

		ObservedRequest(Observation observation, ObservationRegistry registry) {
			this.observation = observation;
			this.registry = registry;
			this.before = registry.getCurrentObservationScope();
		}

		void begin() {
			try {
				this.observation.start();
				this.scope = this.observation.openScope();
			}
			catch (RuntimeException | Error ex) {
				abandon(ex);
				throw ex;
			}
		}

		// nobody will be notified of the end
		private void abandon(Throwable cause) {
			try {
				Observation.Scope current = this.registry.getCurrentObservationScope();
				this.scope = (current != this.before) ? current : null;
				close();
			}
			catch (RuntimeException | Error ex) {
				cause.addSuppressed(ex);
			}
		}

		@Override
		public void ended(String outcome) {
			try {
				this.observation.lowCardinalityKeyValue("outcome", outcome);
				if (!outcome.equals(SUCCESS)) {
					this.observation.error(new RequestFailedException(outcome));
				}
			}
			finally {
				close();
			}
		}

		private void close() {
			try {
				if (this.scope != null) {
					this.scope.close();
				}
			}
			finally {
				this.registry.setCurrentObservationScope(this.before);
				this.observation.stop();
			}
		}

		/**
		 * For handlers, which would pass on all that is attached to the failure itself.
		 */
		static final class RequestFailedException extends RuntimeException {

			RequestFailedException(String outcome) {
				super(outcome, null, false, false);
			}

		}

	}

}
