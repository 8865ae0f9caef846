package dev.psat.spire.test;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.psat.spire.test.SimulatedEntries.CachedEntry;
import dev.psat.spire.test.WorkloadUpdate.HeldX509Svid;
import dev.psat.spire.test.WorkloadUpdate.Identity;
import dev.psat.spire.test.proto.Bundle;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * What an agent holds of its server: entries, an X509-SVID for each of them, and trust
 * bundles. Source: {@code manager/sync.go} and {@code cache/lru_cache.go}. Guarded by
 * {@link SimulatedAgent}, as nobody may see it while it changes.
 */
final class AgentCache {

	private final SimulatedSpireServer server;

	private final String agentId;

	private final Supplier<KeyPair> keys;

	private final Map<String, HeldX509Svid> svids = new HashMap<>();

	private final Map<String, AgentBundle> federated = new TreeMap<>();

	private List<CachedEntry> entries = List.of();

	private AgentBundle bundle;

	AgentCache(SimulatedSpireServer server, String agentId, Supplier<KeyPair> keys) {
		this.server = server;
		this.agentId = agentId;
		this.keys = keys;
		this.bundle = AgentBundle.of(server.trustBundle().toMessage());
	}

	/**
	 * Does nothing if there is no server.
	 * @param changed is given what there is after each step in which something has
	 * changed: that an entry is gone is told before a new one has its X509-SVID
	 */
	void sync(boolean issue, Consumer<WorkloadUpdate> changed) {
		Terms terms = readTerms();
		if (!this.server.isRunning()) {
			return;
		}
		WorkloadUpdate before = current();
		this.entries = authorizedEntries();
		this.bundle = AgentBundle.of(this.server.trustBundle().toMessage());
		refreshFederated();
		this.svids.keySet().retainAll(this.entries.stream().map(CachedEntry::id).toList());
		WorkloadUpdate synced = current();
		if (!synced.equals(before)) {
			changed.accept(synced);
		}
		if (issue && issueDue(terms)) {
			changed.accept(current());
		}
	}

	private Terms readTerms() {
		Set<X509Authority> tainted = this.svids.values()
			.stream()
			.map(HeldX509Svid::issuer)
			.filter(X509Authority::isTainted)
			.collect(Collectors.toSet());
		return new Terms(this.server.clock().instant(), this.server.authority().active(), tainted);
	}

	private List<CachedEntry> authorizedEntries() {
		return this.server.entries()
			.authorizedFor(this.agentId)
			.stream()
			.filter((entry) -> SpiffeIds.isOf(this.server.trustDomain(), entry.entry().spiffeId()))
			.sorted(Comparator.comparing(CachedEntry::id))
			.toList();
	}

	private void refreshFederated() {
		List<String> wanted = this.entries.stream()
			.flatMap((entry) -> entry.entry().federatesWith().stream())
			.distinct()
			.toList();
		this.federated.keySet().retainAll(wanted);
		for (String trustDomain : wanted) {
			try {
				Bundle answer = federatedBundle(trustDomain);
				if (answer != null) {
					this.federated.put(trustDomain, AgentBundle.of(answer));
				}
				else {
					this.federated.remove(trustDomain);
				}
			}
			catch (StatusRuntimeException ex) {
				// The last one stays
			}
		}
	}

	private @Nullable Bundle federatedBundle(String trustDomain) {
		Bundle ofTheTest = this.server.faults().federatedBundle(trustDomain).answer();
		return (ofTheTest != null) ? ofTheTest : this.server.federation().answer(trustDomain);
	}

	private boolean issueDue(Terms terms) {
		boolean issued = false;
		for (CachedEntry entry : this.entries) {
			HeldX509Svid held = this.svids.get(entry.id());
			if (held == null || terms.tainted().contains(held.issuer())
					|| held.isDue(entry.entry().revisionNumber(), terms.now())) {
				this.svids.put(entry.id(), issue(entry.entry(), terms));
				issued = true;
			}
		}
		return issued;
	}

	private HeldX509Svid issue(EntrySpec entry, Terms terms) {
		KeyPair pair = this.keys.get();
		List<X509Certificate> chain = terms.issuer()
			.issue(pair.getPublic(), entry.spiffeId(), entry.dnsNames(), terms.now(),
					entry.x509SvidTtl(this.server.lifetimes()));
		return new HeldX509Svid(chain, pair.getPrivate(), terms.issuer(), terms.now(), entry.revisionNumber());
	}

	void rotate() {
		Terms terms = readTerms();
		this.entries.forEach((entry) -> this.svids.put(entry.id(), issue(entry.entry(), terms)));
	}

	void forget() {
		this.svids.clear();
		this.federated.clear();
		this.entries = List.of();
	}

	/** Until each entry has an X509-SVID, those that ask have to wait. */
	boolean isComplete() {
		return this.entries.stream().allMatch((entry) -> this.svids.containsKey(entry.id()));
	}

	List<CachedEntry> entries() {
		return DuplicateHints.removedFrom(this.entries);
	}

	WorkloadUpdate current() {
		List<Identity> identities = new ArrayList<>();
		for (CachedEntry entry : this.entries) {
			HeldX509Svid svid = this.svids.get(entry.id());
			if (svid != null) {
				identities.add(new Identity(entry, svid));
			}
		}
		Map<String, AgentBundle> visible = new TreeMap<>(this.federated);
		visible.keySet()
			.removeIf((trustDomain) -> identities.stream()
				.noneMatch((identity) -> identity.entry().entry().federatesWith().contains(trustDomain)));
		List<CachedEntry> distinct = entries();
		return new WorkloadUpdate(
				identities.stream().filter((identity) -> distinct.contains(identity.entry())).toList(), this.bundle,
				Map.copyOf(visible));
	}

	/**
	 * What a server issues by. Read before anything else of the server: nothing is issued
	 * at a time at which it no longer runs, or by an authority that is not in the trust
	 * bundle yet, and that an authority is tainted is told before what it has issued is
	 * replaced.
	 *
	 * @param tainted the tainted authorities among those that have issued what is held
	 */
	private record Terms(Instant now, X509Authority issuer, Set<X509Authority> tainted) {

	}

}
