package dev.psat.benchmarks.spire.attest;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The JDK's HTTP clients of this process. Each has a thread that looks after its
 * connections; before JDK 21 that ends, and closes them, when it notices that the
 * collector has found the client unused.
 */
final class HttpClients {

	/**
	 * How often they look, in milliseconds: every three seconds if not told otherwise.
	 */
	private static final String LOOK = "jdk.internal.httpclient.selectorTimeout";

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

	private static final Duration POLL = Duration.ofMillis(10);

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	/**
	 * Let the clients of the JDK notice within a second that they are unused. Has no
	 * effect when the first one has been made.
	 */
	static void lookEverySecond() {
		System.setProperty(LOOK, "1000");
	}

	/**
	 * Collect those that are unused, and wait until there are none.
	 * @return whether that was so before the longest wait was over
	 * @throws InterruptedException if the waiting ends
	 */
	boolean settle() throws InterruptedException {
		System.gc();
		long end = System.nanoTime() + LONGEST_WAIT.toNanos();
		while (count() > 0) {
			if (System.nanoTime() > end) {
				return false;
			}
			Thread.sleep(POLL.toMillis());
		}
		return true;
	}

	private long count() {
		return Stream.of(this.threads.getThreadInfo(this.threads.getAllThreadIds()))
			.filter(Objects::nonNull)
			.map(ThreadInfo::getThreadName)
			.filter((name) -> name.startsWith("HttpClient-") && name.endsWith("-SelectorManager"))
			.count();
	}

}
