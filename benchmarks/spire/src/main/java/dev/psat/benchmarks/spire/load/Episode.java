package dev.psat.benchmarks.spire.load;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToIntFunction;

/**
 * What has happened in a part of the benchmark.
 *
 * @param name what it is called in a table
 * @param clients how many clients there were
 * @param traffic what the server was asked for
 * @param served how long it took until each client had what it needs
 */
record Episode(String name, int clients, Traffic traffic, List<Duration> served) {

	double each(ToIntFunction<Reading> counter) {
		return (double) this.traffic.count(counter) / this.clients;
	}

	/**
	 * Return how much a client asks for in a minute.
	 * @param counter what is counted
	 * @return the mean of all clients
	 */
	double eachInAMinute(ToIntFunction<Reading> counter) {
		return each(counter) / this.traffic.time().toNanos() * Duration.ofMinutes(1).toNanos();
	}

	/**
	 * Return after what time half of the clients were served.
	 * @return nanoseconds, nothing if fewer were
	 */
	OptionalDouble halfServed() {
		return servedAfter((this.clients + 1) / 2);
	}

	/**
	 * Return after what time all clients were served.
	 * @return nanoseconds, nothing if not all were
	 */
	OptionalDouble allServed() {
		return servedAfter(this.clients);
	}

	private OptionalDouble servedAfter(int clients) {
		return this.served.stream().mapToDouble(Duration::toNanos).sorted().skip(clients - 1).findFirst();
	}

	boolean isComplete() {
		return this.served.size() == this.clients;
	}

}
