package dev.psat.tlstests.tomcat.storm;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All threads but the current one, of which none should have much to do for some time.
 */
final class IdleThreads {

	/**
	 * On a busy machine, even a thread that never rests gets a part of the time alone.
	 */
	private static final int LEAST_PART = 10;

	private static final int DEPTH = 12;

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private final Map<Long, Long> before = new HashMap<>();

	private final long begun = System.nanoTime();

	/**
	 * Begin to watch them.
	 */
	IdleThreads() {
		for (long thread : this.threads.getAllThreadIds()) {
			this.before.put(thread, this.threads.getThreadCpuTime(thread));
		}
	}

	/**
	 * Return those that have used a tenth of the time since, and what they are at.
	 */
	List<String> spinning() {
		long time = System.nanoTime() - this.begun;
		return this.before.keySet()
			.stream()
			.filter((thread) -> thread != Thread.currentThread().getId() && used(thread) > time / LEAST_PART)
			.map((thread) -> describe(thread, Duration.ofNanos(time)))
			.toList();
	}

	private long used(long thread) {
		return this.threads.getThreadCpuTime(thread) - this.before.getOrDefault(thread, 0L);
	}

	private String describe(long thread, Duration time) {
		ThreadInfo info = this.threads.getThreadInfo(thread, DEPTH);
		return "The thread %s used %s of processor time in %s, while nobody called, at %s".formatted(
				(info != null) ? info.getThreadName() : thread, Duration.ofNanos(used(thread)), time,
				(info != null) ? Arrays.toString(info.getStackTrace()) : "its end");
	}

}
