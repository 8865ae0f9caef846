package dev.psat.spire.test;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Records what has happened at the simulated server since it was built. Thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedSpireServer#journal()
 */
public final class ServerJournal {

	private final Map<SpireMethod, Integer> calls = new EnumMap<>(SpireMethod.class);

	private final List<Refusal> refusals = new ArrayList<>();

	private final List<String> refusedConnections = new ArrayList<>();

	private final List<String> federatedBundles = new ArrayList<>();

	private int connections;

	private int openConnections;

	private @Nullable String agentVersion;

	ServerJournal() {
	}

	/**
	 * Return how often a method was called, including refused calls.
	 * @param method the method
	 * @return the number of calls
	 */
	public synchronized int calls(SpireMethod method) {
		Assert.notNull(method, "'method' must not be null");
		return this.calls.getOrDefault(method, 0);
	}

	/**
	 * Return the trust domains whose bundles agents have asked for, by
	 * {@link SpireMethod#GET_FEDERATED_BUNDLE}, one for each call.
	 */
	public synchronized List<String> federatedBundles() {
		return List.copyOf(this.federatedBundles);
	}

	/** Return the refused calls, in order. */
	public synchronized List<Refusal> refusals() {
		return List.copyOf(this.refusals);
	}

	/**
	 * Return the causes of connections that were refused because of an invalid or missing
	 * client certificate, in order.
	 */
	public synchronized List<String> refusedConnections() {
		return List.copyOf(this.refusedConnections);
	}

	/** Return how many connections were accepted in total. */
	public synchronized int connections() {
		return this.connections;
	}

	/** Return how many connections are open. */
	public synchronized int openConnections() {
		return this.openConnections;
	}

	/** Return the agent version that was posted last, {@code null} if there was none. */
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

	synchronized void federatedBundleCalled(String trustDomain) {
		this.federatedBundles.add(trustDomain);
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
