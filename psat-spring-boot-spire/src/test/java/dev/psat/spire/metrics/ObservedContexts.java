package dev.psat.spire.metrics;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;

/**
 * A handler that keeps what has stopped, and fails where it is told to.
 */
final class ObservedContexts implements ObservationHandler<Observation.Context> {

	private final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();

	private final AtomicInteger scopes = new AtomicInteger();

	private final String failing;

	ObservedContexts() {
		this("nowhere");
	}

	/**
	 * Create a handler that fails.
	 * @param failing the method that throws an error
	 */
	ObservedContexts(String failing) {
		this.failing = failing;
	}

	List<Observation.Context> stopped() {
		return this.stopped;
	}

	/**
	 * Return how many scopes were opened and not closed.
	 */
	int scopes() {
		return this.scopes.get();
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return true;
	}

	@Override
	public void onStart(Observation.Context context) {
		failIn("onStart", context);
	}

	@Override
	public void onError(Observation.Context context) {
		failIn("onError", context);
	}

	@Override
	public void onScopeOpened(Observation.Context context) {
		this.scopes.incrementAndGet();
		failIn("onScopeOpened", context);
	}

	@Override
	public void onScopeClosed(Observation.Context context) {
		this.scopes.decrementAndGet();
		failIn("onScopeClosed", context);
	}

	@Override
	public void onStop(Observation.Context context) {
		this.stopped.add(context);
		failIn("onStop", context);
	}

	private void failIn(String method, Observation.Context context) {
		if (method.equals(this.failing) && !"caller".equals(context.getName())) {
			throw new NoClassDefFoundError("on purpose");
		}
	}

}
