package dev.psat.spire.test;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.psat.spire.test.proto.Bundle;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The trust domains with which the simulated server federates, and their bundles. An
 * agent may read each of them, no matter with which its entries federate; whether a
 * workload is to trust a trust domain is told by {@link EntrySpec#federatesWith
 * federates_with} of its entry. Its behavior was seen on two real servers. Thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedSpireServer#federation()
 */
public final class SimulatedFederation {

	private final String trustDomain;

	private final Map<String, FederatedBundle> bundles = new ConcurrentHashMap<>();

	private final AtomicInteger answers = new AtomicInteger();

	SimulatedFederation(String trustDomain) {
		this.trustDomain = trustDomain;
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
		Assert.isTrue(!bundle.trustDomain().equals(this.trustDomain),
				"'bundle' must not be that of the server's own trust domain");
		this.bundles.put(bundle.trustDomain(), bundle);
	}

	/**
	 * Return the trust domains whose bundles are stored, like {@code bundle list}.
	 * @return the names
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

	@Nullable Bundle answer(String trustDomain) {
		FederatedBundle bundle = bundle(trustDomain);
		return (bundle != null) ? bundle.toMessage(this.answers.getAndIncrement()) : null;
	}

}
