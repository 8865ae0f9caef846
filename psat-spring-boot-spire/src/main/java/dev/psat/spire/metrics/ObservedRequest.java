package dev.psat.spire.metrics;

import dev.psat.spire.SpireObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * An observation of a request. Whatever its handlers throw, the thread goes back to the
 * observation that it had before.
 */
final class ObservedRequest implements SpireObserver.Ending {

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

	/**
	 * Close what was opened, since nobody will be notified of the end.
	 */
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
	 * What handlers are given. The failure itself says more, but they would pass on all
	 * that is attached to it.
	 */
	static final class RequestFailedException extends RuntimeException {

		RequestFailedException(String outcome) {
			super(outcome, null, false, false);
		}

	}

}
