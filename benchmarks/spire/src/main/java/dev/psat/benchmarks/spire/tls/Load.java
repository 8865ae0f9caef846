package dev.psat.benchmarks.spire.tls;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Callers that call without a pause, each in a thread of its own.
 */
final class Load implements AutoCloseable {

	private final Map<Caller, Repetition> callers = new LinkedHashMap<>();

	/**
	 * Begin to call.
	 * @param callers the callers
	 */
	Load(List<Caller> callers) {
		callers.forEach(
				(caller) -> this.callers.put(caller, Repetition.start("tls-caller " + caller.uri().getPath(), caller)));
	}

	/**
	 * Return how many calls of each caller were answered.
	 * @return the calls, in the order of the callers
	 */
	List<Long> answered() {
		return this.callers.values().stream().map(Repetition::successes).toList();
	}

	long calls() {
		return answered().stream().mapToLong(Long::longValue).sum();
	}

	/**
	 * Return the calls that have failed.
	 * @return how
	 */
	List<Throwable> failures() {
		return this.callers.values().stream().flatMap((calls) -> calls.failures().stream()).toList();
	}

	/**
	 * Return which certificates the server saw in the connections for one call each.
	 * @return the calls
	 */
	List<Probe> probes() {
		return this.callers.values().stream().flatMap((calls) -> calls.probes().stream()).toList();
	}

	@Override
	public void close() throws Exception {
		List<Repetition> all = new ArrayList<>(this.callers.values());
		all.forEach(Repetition::stop);
		for (Repetition calls : all) {
			calls.close();
		}
		for (Caller caller : this.callers.keySet()) {
			caller.close();
		}
	}

}
