package dev.psat.benchmarks.spire.soak;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.List;

import dev.psat.benchmarks.soak.Violations;
import org.jspecify.annotations.Nullable;

/**
 * Since when and until when calls may fail because an SVID is not accepted, and which
 * fault explains that. A call that fails at any other time, or in any other way, is a
 * violation.
 */
final class Allowances {

	private final Violations violations;

	private final List<Allowance> all = new CopyOnWriteArrayList<>();

	private final Map<String, Long> explained = new TreeMap<>();

	Allowances(Violations violations) {
		this.violations = violations;
	}

	/**
	 * Allow calls to fail until this is closed.
	 * @param fault the fault that explains it
	 * @param from the {@link System#nanoTime()} from which they may
	 * @return what ends it
	 */
	Allowance open(String fault, long from) {
		Allowance allowance = new Allowance(fault, from);
		this.all.add(allowance);
		return allowance;
	}

	/**
	 * Judge a call that failed.
	 * @param failure the call
	 */
	void judge(Failure failure) {
		Allowance allowance = find(failure);
		if (allowance != null) {
			synchronized (this.explained) {
				this.explained.merge(allowance.fault, 1L, Long::sum);
			}
		}
		else {
			this.violations.add("A call of %s failed after %d ms: %s".formatted(failure.caller(),
					(failure.ended() - failure.begun()) / 1_000_000, failure.text()));
		}
	}

	private @Nullable Allowance find(Failure failure) {
		return this.all.stream().filter((allowance) -> allowance.explains(failure)).findFirst().orElse(null);
	}

	/**
	 * Return how many failed calls a fault has explained.
	 * @param fault the fault
	 * @return the number
	 */
	long explained(String fault) {
		synchronized (this.explained) {
			return this.explained.getOrDefault(fault, 0L);
		}
	}

	/**
	 * Return how many failed calls were explained.
	 * @return the number
	 */
	long explained() {
		synchronized (this.explained) {
			return this.explained.values().stream().mapToLong(Long::longValue).sum();
		}
	}

	/**
	 * Some time in which calls may fail.
	 */
	static final class Allowance implements AutoCloseable {

		private final String fault;

		private final long from;

		private volatile @Nullable Long until;

		private Allowance(String fault, long from) {
			this.fault = fault;
			this.from = from;
		}

		/**
		 * A call that was under way at any moment of the time is explained.
		 */
		private boolean explains(Failure failure) {
			Long until = this.until;
			return failure.kind() != Failure.Kind.OTHER && failure.ended() - this.from >= 0
					&& (until == null || failure.begun() - until <= 0);
		}

		void closeAt(long until) {
			if (this.until == null) {
				this.until = until;
			}
		}

		@Override
		public void close() {
			closeAt(System.nanoTime());
		}

	}

}
