package dev.psat.token;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Assumptions;

/**
 * How hard the torture is: an ordinary build is in a hurry, the Maven profile
 * {@code torture} is not.
 */
final class Torture {

	/** So long that nothing can be owed to a poll. */
	static final Duration NEVER = Duration.ofHours(1);

	private static final boolean FULL = "full".equals(System.getProperty("torture"));

	private Torture() {
	}

	static int times(int ordinary, int full) {
		return FULL ? full : ordinary;
	}

	static Duration lasting(Duration ordinary, Duration full) {
		return FULL ? full : ordinary;
	}

	/**
	 * Show figures in the output of the test, from where the benchmarks quote them.
	 */
	static void tell(String figures) {
		System.out.println("Torture: " + figures);
	}

	/**
	 * Return a source that has not looked yet and never polls.
	 */
	static FileTokenSource unpolledSource(Path path, LookObserver observer) {
		return source(path, Intervals.withPoll(NEVER), observer);
	}

	static FileTokenSource source(Path path, Intervals intervals, LookObserver observer) {
		FileTokenSource source = new FileTokenSource(path, judge(), true, Clock.systemUTC(), intervals);
		source.addObserver(observer);
		return source;
	}

	static TokenJudge judge() {
		return new TokenJudge(List.of("spire-server"), Duration.ofMinutes(1));
	}

	/**
	 * Start a source, and skip the test if other processes of the user hold all file
	 * watches that there are.
	 */
	static void startWithEvents(TokenSource source) {
		source.start();
		try {
			soon().until(() -> source.status().watch() == WatchMode.EVENTS);
		}
		catch (ConditionTimeoutException ex) {
			Assumptions.abort("File events are not available on this machine now");
		}
	}

	/**
	 * Wait for what takes milliseconds, unless the machine has other things to do.
	 * @return what to wait with
	 */
	static ConditionFactory soon() {
		return Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.atMost(Duration.ofSeconds(10));
	}

}
