package dev.psat.spire.workload.client;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;

/**
 * All X.509-SVIDs that this process may use, and the trust bundles of federated trust
 * domains. An update replaces the one before as a whole: what it does not have must not
 * be used any longer. Instances are immutable.
 *
 * @since 0.1.0
 */
public final class WorkloadX509Update {

	private final List<WorkloadX509Svid> svids;

	private final Map<TrustDomain, TrustBundle> federatedBundles;

	/**
	 * Create an update.
	 * @param svids the X.509-SVIDs in the order of the agent
	 * @param federatedBundles the trust bundles of other trust domains
	 */
	public WorkloadX509Update(List<WorkloadX509Svid> svids, Map<TrustDomain, TrustBundle> federatedBundles) {
		this.svids = List.copyOf(Objects.requireNonNull(svids, "'svids' must not be null"));
		this.federatedBundles = Map
			.copyOf(Objects.requireNonNull(federatedBundles, "'federatedBundles' must not be null"));
	}

	/**
	 * Return the X.509-SVIDs in the order of the agent, at least one when it comes from
	 * there, and only the first of several with the same hint.
	 */
	public List<WorkloadX509Svid> svids() {
		return this.svids;
	}

	/**
	 * Return the trust bundles of other trust domains, with only X.509 authorities,
	 * without those that could not be read.
	 */
	public Map<TrustDomain, TrustBundle> federatedBundles() {
		return this.federatedBundles;
	}

	@Override
	public String toString() {
		return "WorkloadX509Update[svids=%s, federatedBundles=%s]".formatted(this.svids, this.federatedBundles);
	}

}
