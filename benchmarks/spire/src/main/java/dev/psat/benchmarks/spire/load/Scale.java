package dev.psat.benchmarks.spire.load;

import java.time.Duration;
import java.util.List;

import org.springframework.util.Assert;

/**
 * How much is measured.
 *
 * @param clients how many clients there are
 * @param idle how long they have nothing to do
 * @param away how long the server is away
 * @param shortlyAway how long it is away when it comes back several times
 * @param returns how many times
 * @param watch how long it is looked at after its return, at least
 */
record Scale(int clients, Duration idle, Duration away, Duration shortlyAway, int returns, Duration watch) {

	private static final Scale FULL = new Scale(120, Duration.ofMinutes(10), Duration.ofMinutes(5),
			Duration.ofSeconds(45), 3, Duration.ofMinutes(1));

	private static final Scale QUICK = new Scale(12, Duration.ofMinutes(1), Duration.ofSeconds(20),
			Duration.ofSeconds(5), 2, Duration.ofSeconds(5));

	static Scale of(List<String> arguments) {
		Assert.isTrue(arguments.isEmpty() || arguments.equals(List.of("quick")), "The only argument is 'quick'");
		return arguments.isEmpty() ? FULL : QUICK;
	}

	/**
	 * Return how long clients may take until they have an SVID, one of which a second the
	 * server attests.
	 * @return the time after which they are no longer waited for
	 */
	Duration longestWait() {
		return Duration.ofSeconds(this.clients).plusMinutes(2);
	}

}
