package dev.psat.spire.load;

import java.time.Duration;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

import dev.psat.spire.test.SpireMethod;

/**
 * What has happened in a part of the time.
 *
 * @param name what it is called in a table
 * @param clients how many clients there were
 * @param traffic what the server was asked for
 * @param served how long it took until each client had what it needs
 */
record Episode(String name, int clients, Traffic traffic, List<Duration> served) {

	int calls(SpireMethod method) {
		return this.traffic.count((reading) -> reading.calls(method));
	}

	List<SpireMethod> methods() {
		return Stream.of(SpireMethod.values()).filter((method) -> calls(method) > 0).toList();
	}

	double each(ToIntFunction<Reading> counter) {
		return (double) this.traffic.count(counter) / this.clients;
	}

	/**
	 * Return how much a client asks for in some time, in the mean of all clients.
	 */
	double eachIn(Duration time, ToIntFunction<Reading> counter) {
		return each(counter) / this.traffic.time().toNanos() * time.toNanos();
	}

	/**
	 * Return after how many seconds a share of the clients was served, no number if it
	 * was not.
	 */
	double servedAfter(double share) {
		long clients = (long) Math.ceil(this.clients * share);
		return this.served.stream()
			.mapToDouble((time) -> time.toNanos() / 1e9)
			.sorted()
			.skip(clients - 1)
			.findFirst()
			.orElse(Double.NaN);
	}

	boolean isComplete() {
		return this.served.size() == this.clients;
	}

}
