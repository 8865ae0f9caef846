package dev.psat.spire.test;

import java.util.EnumMap;
import java.util.Map;

import org.springframework.util.Assert;

/**
 * Records what has happened at the simulated Workload API since it was built.
 * Thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedWorkloadApi#journal()
 */
public final class WorkloadJournal {

	private final Map<WorkloadMethod, Integer> calls = new EnumMap<>(WorkloadMethod.class);

	private final Map<WorkloadMethod, Integer> openCalls = new EnumMap<>(WorkloadMethod.class);

	private final Map<WorkloadMethod, Integer> messages = new EnumMap<>(WorkloadMethod.class);

	private int connections;

	private int openConnections;

	WorkloadJournal() {
	}

	/**
	 * Return how often a method was called, including refused calls.
	 * @param method the method
	 * @return the number of calls
	 */
	public synchronized int calls(WorkloadMethod method) {
		return count(this.calls, method);
	}

	/**
	 * Return how many calls of a method have not ended, which are streams above all. That
	 * one has ended is counted soon after that, even if its connection broke.
	 * @param method the method
	 * @return the number of calls
	 */
	public synchronized int openCalls(WorkloadMethod method) {
		return count(this.openCalls, method);
	}

	/**
	 * Return how many messages a method has answered with, whether they were read or not.
	 * @param method the method
	 * @return the number of messages
	 */
	public synchronized int messages(WorkloadMethod method) {
		return count(this.messages, method);
	}

	/** Return how many connections were accepted in total. */
	public synchronized int connections() {
		return this.connections;
	}

	/** Return how many connections are open. */
	public synchronized int openConnections() {
		return this.openConnections;
	}

	private static int count(Map<WorkloadMethod, Integer> counts, WorkloadMethod method) {
		Assert.notNull(method, "'method' must not be null");
		return counts.getOrDefault(method, 0);
	}

	synchronized void connected() {
		this.connections++;
		this.openConnections++;
	}

	synchronized void disconnected() {
		this.openConnections--;
	}

	synchronized void called(WorkloadMethod method) {
		this.calls.merge(method, 1, Integer::sum);
		this.openCalls.merge(method, 1, Integer::sum);
	}

	synchronized void answered(WorkloadMethod method) {
		this.messages.merge(method, 1, Integer::sum);
	}

	synchronized void ended(WorkloadMethod method) {
		this.openCalls.merge(method, -1, Integer::sum);
	}

}
