package dev.psat.spire.test;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What has happened at the simulated server since it was built. Thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedSpireServer#journal()
 */
public final class ServerJournal {

	private final Map<SpireMethod, Integer> calls = new EnumMap<>(SpireMethod.class);

	private final List<Refusal> refusals = new ArrayList<>();

	private final List<String> refusedConnections = new ArrayList<>();

	private int connections;

	private int openConnections;

	private @Nullable String agentVersion;

	ServerJournal() {
	}

	/**
	 * Return how often a method was called, refused calls included.
	 * @param method the method
	 * @return the number of calls
	 */
	public synchronized int calls(SpireMethod method) {
		return this.calls.getOrDefault(method, 0);
	}

	/**
	 * Return the calls that were refused.
	 * @return the refusals, in their order
	 */
	public synchronized List<Refusal> refusals() {
		return List.copyOf(this.refusals);
	}

	/**
	 * Return why connections were refused because of their client certificate, or because
	 * of none.
	 * @return the causes, in their order
	 */
	public synchronized List<String> refusedConnections() {
		return List.copyOf(this.refusedConnections);
	}

	/**
	 * Return how many connections were accepted, whatever became of them.
	 * @return the number of connections
	 */
	public synchronized int connections() {
		return this.connections;
	}

	/**
	 * Return how many connections are open.
	 * @return the number of connections
	 */
	public synchronized int openConnections() {
		return this.openConnections;
	}

	/**
	 * Return what agent version was posted last.
	 * @return the version, {@code null} if there was none
	 */
	public synchronized @Nullable String lastAgentVersion() {
		return this.agentVersion;
	}

	synchronized void connected() {
		this.connections++;
		this.openConnections++;
	}

	synchronized void disconnected() {
		this.openConnections--;
	}

	synchronized void called(SpireMethod method) {
		this.calls.merge(method, 1, Integer::sum);
	}

	synchronized void refused(Refusal refusal) {
		this.refusals.add(refusal);
	}

	synchronized void refusedConnection(String cause) {
		this.refusedConnections.add(cause);
	}

	synchronized void agentVersion(String agentVersion) {
		this.agentVersion = agentVersion;
	}

}
