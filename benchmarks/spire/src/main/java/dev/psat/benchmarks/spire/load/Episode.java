package dev.psat.benchmarks.spire.load;

import java.time.Duration;
import java.util.List;
import java.util.function.ToIntFunction;

import dev.psat.spire.test.SpireMethod;

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

	double attestationsEach() {
		return each((reading) -> reading.calls(SpireMethod.ATTEST_AGENT));
	}

	/**
	 * Return how much a client asks for in a minute.
	 * @param counter what is counted
	 * @return the mean of all clients
	 */
	double eachInAMinute(ToIntFunction<Reading> counter) {
		return each(counter) / this.traffic.time().toNanos() * Duration.ofMinutes(1).toNanos();
	}

	boolean isComplete() {
		return this.served.size() == this.clients;
	}

}
