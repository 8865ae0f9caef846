package dev.psat.benchmarks.spire.tls;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.sun.management.OperatingSystemMXBean;

import org.springframework.util.Assert;

/**
 * Callers that call without a pause, each in a thread of its own.
 */
final class Load implements AutoCloseable {

	/** How few calls a measurement may have. */
	private static final int LEAST_CALLS = 20;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

	private final List<Calling> callings = new ArrayList<>();

	/**
	 * Add callers, who begin at once.
	 * @param callers the callers
	 * @param uri what they call
	 */
	void add(Callers callers, URI uri) {
		callers.callers().forEach((caller) -> this.callings.add(new Calling(caller, uri)));
	}

	/**
	 * Return how many calls of each caller were answered.
	 * @return the calls, in the order in which the callers were added
	 */
	List<Long> answered() {
		return this.callings.stream().map(Calling::answered).toList();
	}

	/**
	 * Return the calls that have failed.
	 * @return how
	 */
	List<Throwable> failures() {
		return this.callings.stream().flatMap((calling) -> calling.failures().stream()).toList();
	}

	/**
	 * Return which certificates the server saw in the connections for one call each.
	 * @return the calls
	 */
	List<Probe> probes() {
		return this.callings.stream().flatMap((calling) -> calling.probes().stream()).toList();
	}

	/**
	 * Measure callers while nobody else calls.
	 * @param callers the callers
	 * @param server whom they call
	 * @param path what they ask for
	 * @param window how long to measure, after a quarter of that time; longer if there
	 * are too few calls
	 * @return what was measured
	 * @throws Exception if a call has failed
	 */
	static Throughput measure(Callers callers, ServerProcess server, String path, Duration window) throws Exception {
		try (Load load = new Load()) {
			load.add(callers, server.uri(path));
			Thread.sleep(window.toMillis() / 4);
			Throughput before = load.total(callers, server);
			long end = System.nanoTime() + PATIENCE.toNanos();
			Thread.sleep(window.toMillis());
			while (load.calls() - before.calls() < LEAST_CALLS) {
				load.requireNoFailure();
				Assert.state(System.nanoTime() < end, "There are hardly any calls");
				Thread.sleep(window.toMillis() / 4);
			}
			Throughput after = load.total(callers, server);
			load.requireNoFailure();
			return after.since(before);
		}
	}

	/**
	 * Require that no call has failed.
	 * @throws IllegalStateException if one has
	 */
	private void requireNoFailure() {
		List<Throwable> failures = failures();
		if (!failures.isEmpty()) {
			throw new IllegalStateException("A call has failed", failures.get(0));
		}
	}

	private long calls() {
		return answered().stream().mapToLong(Long::longValue).sum();
	}

	private Throughput total(Callers callers, ServerProcess server) throws InterruptedException {
		return new Throughput(System.nanoTime(), calls(), callers.handshakes().getAsLong(),
				this.system.getProcessCpuTime(), server.cpu());
	}

	@Override
	public void close() throws Exception {
		this.callings.forEach(Calling::stop);
		for (Calling calling : this.callings) {
			calling.close(PATIENCE);
		}
	}

}
