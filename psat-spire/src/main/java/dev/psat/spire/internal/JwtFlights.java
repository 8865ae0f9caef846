package dev.psat.spire.internal;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The calls that are asking the server, at most one for the same audiences.
 */
final class JwtFlights {

	private static final int MOST = 1000;

	private final Map<Set<String>, Flight> flights = new ConcurrentHashMap<>();

	/**
	 * Add a call, unless there is one.
	 * @param audience the audiences
	 * @param mine the call
	 * @return the other call, {@code null} if this one has been added
	 */
	@Nullable Flight join(Set<String> audience, Flight mine) {
		if (this.flights.size() > MOST) {
			// those that nobody could remove
			this.flights.values().removeIf(Flight::isOver);
		}
		Flight other = this.flights.putIfAbsent(audience, mine);
		while (other != null && other.isOver()) {
			if (this.flights.replace(audience, other, mine)) {
				return null;
			}
			other = this.flights.putIfAbsent(audience, mine);
		}
		return other;
	}

	void remove(Set<String> audience, Flight mine) {
		this.flights.remove(audience, mine);
	}

	/**
	 * A call that asks the server.
	 */
	static final class Flight {

		final Deadline deadline;

		final CompletableFuture<JwtSvids.Issued> answer = new CompletableFuture<>();

		/**
		 * Set whatever ends the call. This is a mere field, since with little memory or
		 * stack left everything else can fail.
		 */
		volatile boolean landed;

		Flight(Deadline deadline) {
			this.deadline = deadline;
		}

		/**
		 * Return whether no answer is to be expected.
		 * @return whether it has ended or is older than its deadline
		 */
		boolean isOver() {
			return this.landed || this.deadline.isOver();
		}

	}

}
