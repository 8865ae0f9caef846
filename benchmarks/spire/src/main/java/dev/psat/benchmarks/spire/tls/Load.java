package dev.psat.benchmarks.spire.tls;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

import com.sun.management.OperatingSystemMXBean;

/**
 * Callers that call without a pause, each in a thread of its own.
 */
final class Load implements AutoCloseable {

	private static final int LEAST_CALLS = 20;

	private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

	private final LongAdder calls = new LongAdder();

	private final Queue<IOException> failures = new ConcurrentLinkedQueue<>();

	private final List<Caller> callers = new ArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	private volatile boolean over;

	/**
	 * Add callers, who begin at once.
	 * @param callers the callers
	 * @param uri what they call
	 */
	void add(Callers callers, URI uri) {
		for (Caller caller : callers.callers()) {
			Thread thread = new Thread(() -> call(caller, uri), "tls-caller");
			this.callers.add(caller);
			this.threads.add(thread);
			thread.start();
		}
	}

	private void call(Caller caller, URI uri) {
		while (!this.over) {
			try {
				caller.call(uri);
			}
			catch (IOException ex) {
				this.failures.add(ex);
			}
			this.calls.increment();
		}
	}

	long calls() {
		return this.calls.sum();
	}

	/**
	 * Return the calls that have failed.
	 * @return how
	 */
	List<IOException> failures() {
		return List.copyOf(this.failures);
	}

	/**
	 * Measure callers while nobody else calls.
	 * @param callers the callers
	 * @param server whom they call
	 * @param path what they ask for
	 * @param window how long to measure, after a quarter of that time; as much longer as
	 * a hundred calls take
	 * @return what was measured
	 * @throws Exception if a call has failed
	 */
	static Throughput measure(Callers callers, ServerProcess server, String path, Duration window) throws Exception {
		try (Load load = new Load()) {
			load.add(callers, server.uri(path));
			Thread.sleep(window.toMillis() / 4);
			Throughput before = load.total(callers, server);
			Thread.sleep(window.toMillis());
			while (load.calls() - before.calls() < LEAST_CALLS) {
				Thread.sleep(window.toMillis() / 4);
			}
			Throughput after = load.total(callers, server);
			if (!load.failures.isEmpty()) {
				throw new IllegalStateException("A call has failed", load.failures.element());
			}
			return after.since(before);
		}
	}

	private Throughput total(Callers callers, ServerProcess server) throws InterruptedException {
		return new Throughput(System.nanoTime(), calls(), callers.handshakes().getAsLong(),
				this.system.getProcessCpuTime(), server.cpu());
	}

	@Override
	public void close() throws Exception {
		this.over = true;
		for (Thread thread : this.threads) {
			thread.join();
		}
		for (Caller caller : this.callers) {
			caller.close();
		}
	}

}
