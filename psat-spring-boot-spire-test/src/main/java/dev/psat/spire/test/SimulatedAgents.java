package dev.psat.spire.test;

import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The attested agents of the simulated server. For each agent ID, only the agent SVID
 * that was issued last is active. Thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedSpireServer#agents()
 */
public final class SimulatedAgents {

	private final Clock clock;

	private final Map<String, AgentRecord> records = new HashMap<>();

	private final Map<String, Integer> attestations = new HashMap<>();

	SimulatedAgents(Clock clock) {
		this.clock = clock;
	}

	/** Return the SPIFFE IDs of all known agents. */
	public synchronized Set<String> ids() {
		return new TreeSet<>(this.records.keySet());
	}

	/**
	 * Return how often an agent has attested, regardless of evictions and bans.
	 * @param agentId the SPIFFE ID of the agent
	 * @return the number of agent SVIDs issued to it
	 */
	public synchronized int attestations(String agentId) {
		Assert.notNull(agentId, "'agentId' must not be null");
		return this.attestations.getOrDefault(agentId, 0);
	}

	/**
	 * Return the serial number of an agent's active agent SVID.
	 * @param agentId the SPIFFE ID of the agent
	 * @return the serial number, {@code null} if there is no such agent or it is banned
	 */
	public synchronized @Nullable BigInteger activeSerialNumber(String agentId) {
		Assert.notNull(agentId, "'agentId' must not be null");
		AgentRecord agent = this.records.get(agentId);
		return (agent != null) ? agent.serialNumber() : null;
	}

	/**
	 * Evict an agent, like {@code agent evict}. Its calls are denied until it attests
	 * again; a ban is lifted.
	 * @param agentId the SPIFFE ID of the agent
	 */
	public synchronized void evict(String agentId) {
		Assert.notNull(agentId, "'agentId' must not be null");
		Assert.isTrue(this.records.remove(agentId) != null, () -> "There is no agent " + agentId);
	}

	/**
	 * Ban an agent, like {@code agent ban}. Its calls are denied, including attestations.
	 * @param agentId the SPIFFE ID of the agent
	 */
	public synchronized void ban(String agentId) {
		Assert.notNull(agentId, "'agentId' must not be null");
		AgentRecord agent = this.records.get(agentId);
		Assert.isTrue(agent != null, () -> "There is no agent " + agentId);
		this.records.put(agentId, agent.banned());
	}

	/**
	 * Remove the agents whose SVIDs have expired, like a server with
	 * {@code prune_attested_nodes_expired_for}. Banned agents stay. Modelled on source,
	 * not on a run.
	 */
	public synchronized void prune() {
		Instant now = this.clock.instant();
		this.records.values().removeIf((agent) -> agent.serialNumber() != null && now.isAfter(agent.expiresAt()));
	}

	synchronized boolean isBanned(String agentId) {
		AgentRecord agent = this.records.get(agentId);
		return agent != null && agent.serialNumber() == null;
	}

	synchronized @Nullable AgentRecord find(String agentId) {
		return this.records.get(agentId);
	}

	synchronized Map<String, AgentRecord> all() {
		return Map.copyOf(this.records);
	}

	synchronized void attested(String agentId, BigInteger serialNumber, Instant expiresAt, List<String> selectors) {
		this.records.put(agentId, new AgentRecord(serialNumber, expiresAt, selectors));
		this.attestations.merge(agentId, 1, Integer::sum);
	}

	/**
	 * The record of an agent in the server's data store. A banned one has no serial
	 * number.
	 */
	record AgentRecord(@Nullable BigInteger serialNumber, Instant expiresAt, List<String> selectors) {

		AgentRecord banned() {
			return new AgentRecord(null, this.expiresAt, this.selectors);
		}

	}

}
