package dev.psat.spire.test;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import dev.psat.spire.test.proto.Bundle;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The trust domains with which the simulated server federates, and their bundles. An
 * agent may read each of them, no matter with which its entries federate; whether a
 * workload is to trust a trust domain is told by {@link EntrySpec#federatesWith
 * federates_with} of its entry. Federation is one-way: for the other way, let the other
 * server federate with this one, too. The transcripts {@code federation/*} of two real
 * servers prove it; the ways in which a server does not get the bundle of an endpoint
 * were seen on them. Thread-safe.
 *
 * <pre class="code">
 * server.federation().follow(partner);
 * server.entries().change(id, (entry) -&gt; entry.federatesWith("partner.org"));
 * </pre>
 *
 * @since 0.1.0
 * @see SimulatedSpireServer#federation()
 */
public final class SimulatedFederation {

	private final String trustDomain;

	private final Map<String, FederatedBundle> bundles;

	private final SimulatedEntries entries;

	private final Map<String, FederationRelationship> relationships = new ConcurrentHashMap<>();

	/** Whoever tells this server of changes, whether it follows them or not. */
	private final Set<SimulatedSpireServer> heard = ConcurrentHashMap.newKeySet();

	SimulatedFederation(String trustDomain, Map<String, FederatedBundle> bundles, SimulatedEntries entries) {
		this.trustDomain = trustDomain;
		this.bundles = bundles;
		this.entries = entries;
	}

	/**
	 * Store the current bundle of another simulated server by hand. It does not follow
	 * that server.
	 * @param partner the other server
	 * @see FederatedBundle#of(SimulatedSpireServer)
	 */
	public void set(SimulatedSpireServer partner) {
		set(FederatedBundle.of(partner));
	}

	/**
	 * Store the bundle of another trust domain, like {@code bundle set}. Any other bundle
	 * of that trust domain is overwritten, whatever its sequence number.
	 * @param bundle the bundle
	 */
	public void set(FederatedBundle bundle) {
		Assert.notNull(bundle, "'bundle' must not be null");
		checkForeign(bundle.trustDomain());
		this.bundles.put(bundle.trustDomain(), bundle);
	}

	/**
	 * Store the bundle of another simulated server and follow its bundle endpoint, like
	 * {@code federation create} with the profile {@code https_spiffe}. The sequence
	 * number is always zero. As if it polled often enough to miss nothing, the server
	 * reads the endpoint whenever the authorities of the other server change, and
	 * whenever an agent asks.
	 *
	 * <p>
	 * What was read last stays if the other server is {@link SimulatedSpireServer#stop()
	 * stopped} or {@link #unreachable(String, boolean) unreachable}, and if one key of
	 * what it {@link SimulatedTrustBundle#publish publishes} has a {@code use} that SPIRE
	 * does not know. Once no authority that was read last has signed the certificate of
	 * the endpoint any more, the server is stuck until the bundle is set by hand. So it
	 * is after an empty bundle, and after the deletion of the bundle.
	 * @param partner the other server
	 */
	public void follow(SimulatedSpireServer partner) {
		FederatedBundle bundle = FederatedBundle.of(partner).withSequenceNumber(0);
		checkForeign(bundle.trustDomain());
		FederationRelationship relationship = new FederationRelationship(partner);
		this.relationships.put(bundle.trustDomain(), relationship);
		this.bundles.put(bundle.trustDomain(), bundle);
		if (this.heard.add(partner)) {
			partner.authority().onChange(() -> hear(partner));
		}
	}

	private void hear(SimulatedSpireServer partner) {
		FederationRelationship relationship = this.relationships.get(partner.trustDomain());
		if (relationship != null && relationship.partner() == partner) {
			refresh(relationship);
		}
	}

	private void checkForeign(String other) {
		Assert.isTrue(!other.equals(this.trustDomain), "The server cannot federate with its own trust domain");
	}

	/**
	 * Do not follow the bundle endpoint of a trust domain any more, like
	 * {@code federation delete}. Its bundle stays, and so does the trust in it.
	 * @param trustDomain the name of the trust domain
	 */
	public void unfollow(String trustDomain) {
		this.relationships.remove(relationship(trustDomain).partner().trustDomain());
	}

	/**
	 * Read the bundle endpoint of a trust domain, like {@code federation refresh}.
	 * @param trustDomain the name of the trust domain
	 * @see #lastError(String)
	 */
	public void refresh(String trustDomain) {
		refresh(relationship(trustDomain));
	}

	private void refresh(FederationRelationship relationship) {
		String other = relationship.partner().trustDomain();
		if (this.relationships.get(other) == relationship) {
			this.bundles.computeIfPresent(other, (name, stored) -> relationship.refresh(stored));
		}
	}

	/**
	 * Set whether the server cannot reach the bundle endpoint of a trust domain, although
	 * the other server is running.
	 * @param trustDomain the name of the trust domain
	 * @param unreachable whether the endpoint is unreachable
	 */
	public void unreachable(String trustDomain, boolean unreachable) {
		relationship(trustDomain).unreachable(unreachable);
	}

	/**
	 * Return why the bundle endpoint of a trust domain could not be read the last time,
	 * as in the log of a server. Agents do not see it.
	 * @param trustDomain the name of the trust domain
	 * @return the error, {@code null} if there was none
	 */
	public @Nullable String lastError(String trustDomain) {
		return relationship(trustDomain).lastError();
	}

	private FederationRelationship relationship(String trustDomain) {
		Assert.notNull(trustDomain, "'trustDomain' must not be null");
		FederationRelationship relationship = this.relationships.get(SpiffeIds.trustDomain(trustDomain));
		Assert.isTrue(relationship != null, () -> "The server does not follow " + trustDomain);
		return relationship;
	}

	/**
	 * Delete the bundle of a trust domain, like {@code bundle delete}. Agents that ask
	 * for it are told at once; that entries do not federate with it any more, or are
	 * gone, shows when their cache is reloaded.
	 * @param trustDomain the name of the trust domain
	 * @param mode what is done to the entries that federate with it
	 */
	public void delete(String trustDomain, BundleDeletion mode) {
		Assert.notNull(trustDomain, "'trustDomain' must not be null");
		Assert.notNull(mode, "'mode' must not be null");
		String name = SpiffeIds.trustDomain(trustDomain);
		Assert.isTrue(this.bundles.containsKey(name), "bundle not found");
		this.entries.bundleDeleted(name, mode, () -> this.bundles.remove(name));
	}

	/**
	 * Return the names of the trust domains whose bundles are stored, like {@code bundle
	 * list}.
	 */
	public Set<String> trustDomains() {
		return new TreeSet<>(this.bundles.keySet());
	}

	/**
	 * Return what is stored of a trust domain.
	 * @param trustDomain the name of the trust domain
	 * @return the bundle, {@code null} if there is none
	 */
	public @Nullable FederatedBundle bundle(String trustDomain) {
		Assert.notNull(trustDomain, "'trustDomain' must not be null");
		return this.bundles.get(SpiffeIds.trustDomain(trustDomain));
	}

	@Nullable Bundle answer(String other) {
		FederationRelationship relationship = this.relationships.get(other);
		if (relationship != null) {
			refresh(relationship);
		}
		FederatedBundle bundle = this.bundles.get(other);
		return (bundle != null) ? bundle.toMessage() : null;
	}

}
