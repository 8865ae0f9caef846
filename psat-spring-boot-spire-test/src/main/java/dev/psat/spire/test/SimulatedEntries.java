package dev.psat.spire.test;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The registration entries of the simulated server, and the cache between them and the
 * agents: an agent does not see a change, or its membership in an alias, before the next
 * reload. Thread-safe. Source: {@code authorizedentries/cache.go}; the transcripts
 * {@code entries-early} and {@code entries} show the latency of an alias.
 *
 * @since 0.1.0
 * @see SimulatedSpireServer#entries()
 */
public final class SimulatedEntries {

	private final String serverId;

	private final Clock clock;

	private final SimulatedAgents agents;

	private final Set<String> federatedTrustDomains;

	private final boolean cached;

	private final boolean eventsBased;

	private final Map<String, EntrySpec> entries = new LinkedHashMap<>();

	private final Map<String, EntrySpec> cache = new LinkedHashMap<>();

	private final Set<String> events = new HashSet<>();

	private volatile Snapshot snapshot = new Snapshot(List.of(), Map.of());

	SimulatedEntries(String serverId, SimulatedSpireServerBuilder builder, SimulatedAgents agents,
			Set<String> federatedTrustDomains) {
		this.serverId = serverId;
		this.clock = builder.clock;
		this.agents = agents;
		this.federatedTrustDomains = federatedTrustDomains;
		this.cached = !builder.entryCacheReload.isZero();
		this.eventsBased = builder.eventsBasedCache;
	}

	/**
	 * Create a node alias, to which all agents with the given selectors belong.
	 * @param spiffeId the ID of the alias, which is the parent ID of its entries
	 * @param selectors the selectors in the form {@code type:value}, such as
	 * {@code k8s_psat:agent_ns:shop}
	 * @return the id of the alias entry
	 */
	public String createAlias(String spiffeId, String... selectors) {
		Assert.notNull(spiffeId, "'spiffeId' must not be null");
		Assert.notEmpty(selectors, "'selectors' must not be empty");
		return create(this.serverId, spiffeId, (entry) -> entry.selectors(selectors));
	}

	/**
	 * Create an entry.
	 * @param parentId the SPIFFE ID of an agent, of an alias or of another entry
	 * @param spiffeId the SPIFFE ID of the entry
	 * @return the id of the entry
	 */
	public String create(String parentId, String spiffeId) {
		return create(parentId, spiffeId, (entry) -> {
		});
	}

	/**
	 * Create an entry with further attributes.
	 * @param parentId the SPIFFE ID of an agent, of an alias or of another entry
	 * @param spiffeId the SPIFFE ID of the entry
	 * @param more sets the further attributes
	 * @return the id of the entry
	 */
	public String create(String parentId, String spiffeId, Consumer<EntrySpec> more) {
		Assert.notNull(parentId, "'parentId' must not be null");
		Assert.notNull(spiffeId, "'spiffeId' must not be null");
		Assert.notNull(more, "'more' must not be null");
		EntrySpec entry = new EntrySpec(parentId, spiffeId, this.clock.instant());
		more.accept(entry);
		String id = UUID.randomUUID().toString();
		put(id, entry);
		return id;
	}

	private synchronized void put(String id, EntrySpec entry) {
		for (String trustDomain : entry.federatesWith()) {
			Assert.state(this.federatedTrustDomains.contains(trustDomain),
					() -> "unable to find federated bundle \"" + SpiffeIds.of(trustDomain, "") + "\"");
		}
		this.entries.put(id, entry.copy());
		this.events.add(id);
	}

	synchronized String register(String alias, List<String> selectors, String spiffeId, Consumer<EntrySpec> more) {
		if (findId(this.serverId, alias) == null) {
			createAlias(alias, selectors.toArray(String[]::new));
		}
		String id = findId(alias, spiffeId);
		return (id != null) ? id : create(alias, spiffeId, more);
	}

	private @Nullable String findId(String parentId, String spiffeId) {
		return this.entries.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().parentId().equals(parentId))
			.filter((entry) -> entry.getValue().spiffeId().equals(spiffeId))
			.map(Map.Entry::getKey)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Change an entry, which increments its revision number.
	 * @param id the id of the entry
	 * @param change changes the entry
	 */
	public synchronized void change(String id, Consumer<EntrySpec> change) {
		Assert.notNull(id, "'id' must not be null");
		Assert.notNull(change, "'change' must not be null");
		EntrySpec entry = get(id).copy();
		entry.revisionNumber(entry.revisionNumber() + 1);
		change.accept(entry);
		put(id, entry);
	}

	/**
	 * Let all entries federate with a trust domain, in addition to others; not the
	 * aliases.
	 */
	synchronized void federateAll(String trustDomain) {
		List.copyOf(this.entries.keySet())
			.stream()
			.filter((id) -> !get(id).parentId().equals(this.serverId))
			.filter((id) -> !get(id).federatesWith().contains(trustDomain))
			.forEach((id) -> change(id, (entry) -> entry.federatesWith(
					Stream.concat(entry.federatesWith().stream(), Stream.of(trustDomain)).toArray(String[]::new))));
	}

	/**
	 * Delete an entry.
	 * @param id the id of the entry
	 */
	public synchronized void delete(String id) {
		Assert.notNull(id, "'id' must not be null");
		get(id);
		this.entries.remove(id);
		this.events.add(id);
	}

	/**
	 * Delete a federated bundle, and what refers to it. That is no event of the entries.
	 */
	synchronized void bundleDeleted(String trustDomain, BundleDeletion mode, Runnable deletion) {
		List<String> federating = this.entries.keySet()
			.stream()
			.filter((id) -> get(id).federatesWith().contains(trustDomain))
			.toList();
		Assert.state(mode != BundleDeletion.RESTRICT || federating.isEmpty(),
				() -> "cannot delete bundle; federated with " + federating.size() + " registration entries");
		deletion.run();
		for (String id : federating) {
			if (mode == BundleDeletion.DELETE) {
				this.entries.remove(id);
			}
			else {
				this.entries.put(id, get(id).dissociatedFrom(trustDomain));
			}
		}
	}

	/**
	 * Reload the cache, so that every change and every alias takes effect.
	 */
	public synchronized void reload() {
		this.snapshot = takeSnapshot();
	}

	private synchronized EntrySpec get(String id) {
		EntrySpec entry = this.entries.get(id);
		Assert.isTrue(entry != null, () -> "There is no entry " + id);
		return entry;
	}

	private synchronized Snapshot takeSnapshot() {
		fillCache();
		List<CachedEntry> cachedEntries = new ArrayList<>();
		this.cache.forEach((id, entry) -> cachedEntries.add(new CachedEntry(id, entry)));
		Map<String, List<String>> aliases = new LinkedHashMap<>();
		this.agents.all().forEach((id, agent) -> aliases.put(id, aliasesOf(agent.selectors())));
		return new Snapshot(cachedEntries, aliases);
	}

	private void fillCache() {
		if (this.eventsBased) {
			this.events.forEach((id) -> this.cache.computeIfPresent(id, (key, entry) -> this.entries.get(key)));
			this.entries.forEach((id, entry) -> this.cache.computeIfAbsent(id, (key) -> entry));
		}
		else {
			this.cache.clear();
			this.cache.putAll(this.entries);
		}
		this.events.clear();
	}

	private List<String> aliasesOf(List<String> agentSelectors) {
		return this.cache.values()
			.stream()
			.filter((entry) -> entry.parentId().equals(this.serverId))
			.filter((entry) -> agentSelectors.containsAll(entry.selectors()))
			.map(EntrySpec::spiffeId)
			.toList();
	}

	/** Below the agent, below its aliases, and below those in turn. */
	List<CachedEntry> authorizedFor(String agentId) {
		return (this.cached ? this.snapshot : takeSnapshot()).authorizedFor(agentId);
	}

	@Nullable CachedEntry find(String agentId, String entryId) {
		return authorizedFor(agentId).stream().filter((entry) -> entry.id().equals(entryId)).findFirst().orElse(null);
	}

	record CachedEntry(String id, EntrySpec entry) {

	}

	private record Snapshot(List<CachedEntry> entries, Map<String, List<String>> aliases) {

		List<CachedEntry> authorizedFor(String agentId) {
			List<CachedEntry> authorized = new ArrayList<>();
			Set<String> seen = new HashSet<>();
			Deque<String> parents = new ArrayDeque<>(Arrays.asList(agentId));
			parents.addAll(this.aliases.getOrDefault(agentId, List.of()));
			while (!parents.isEmpty()) {
				String parent = parents.remove();
				if (seen.add(parent)) {
					List<CachedEntry> children = this.entries.stream()
						.filter((cached) -> cached.entry().parentId().equals(parent))
						.toList();
					authorized.addAll(children);
					children.forEach((child) -> parents.add(child.entry().spiffeId()));
				}
			}
			return authorized;
		}

	}

}
