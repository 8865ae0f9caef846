package dev.psat.spire.test;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.psat.test.SimulatedKubelet;

import org.springframework.util.Assert;

/**
 * A cluster in the server's configuration of {@code k8s_psat}, together with the API
 * server of that cluster. It can be changed while the server runs. Thread-safe.
 *
 * @since 0.1.0
 */
public final class SimulatedCluster {

	private final String name;

	private final Set<String> allowList = ConcurrentHashMap.newKeySet();

	private final Set<String> deletedPods = ConcurrentHashMap.newKeySet();

	private final KubeletKeys keys = new KubeletKeys();

	private volatile List<String> audiences = List.of("spire-server");

	private volatile boolean podIds;

	private volatile ReviewFault fault = ReviewFault.NONE;

	private SimulatedCluster(String name) {
		this.name = name;
	}

	/**
	 * Create a cluster. It does not allow any service account or trust any kubelet, and
	 * identifies agents by their nodes.
	 * @param name the name, which clients send as {@code cluster}
	 * @return a new cluster
	 */
	public static SimulatedCluster named(String name) {
		Assert.hasText(name, "'name' must not be empty");
		return new SimulatedCluster(name);
	}

	/**
	 * Identify agents by their pods, like {@code use_pod_uid_for_agent_id}.
	 * @return this cluster
	 */
	public SimulatedCluster usePodIds() {
		this.podIds = true;
		return this;
	}

	/**
	 * Add a service account to the allow list.
	 * @param namespace the namespace
	 * @param serviceAccount the name of the service account
	 * @return this cluster
	 */
	public SimulatedCluster allow(String namespace, String serviceAccount) {
		Assert.notNull(namespace, "'namespace' must not be null");
		Assert.notNull(serviceAccount, "'serviceAccount' must not be null");
		this.allowList.add(namespace + ":" + serviceAccount);
		return this;
	}

	/**
	 * Remove a service account from the allow list.
	 * @param namespace the namespace
	 * @param serviceAccount the name of the service account
	 * @return this cluster
	 */
	public SimulatedCluster disallow(String namespace, String serviceAccount) {
		Assert.notNull(namespace, "'namespace' must not be null");
		Assert.notNull(serviceAccount, "'serviceAccount' must not be null");
		this.allowList.remove(namespace + ":" + serviceAccount);
		return this;
	}

	/**
	 * Set the audiences, one of which a token needs. The default is {@code spire-server}.
	 * @param audiences one or more audiences
	 * @return this cluster
	 */
	public SimulatedCluster audience(String... audiences) {
		Assert.notEmpty(audiences, "'audiences' must not be empty");
		this.audiences = List.of(audiences);
		return this;
	}

	/**
	 * Trust the tokens of a simulated kubelet. Can be called for several kubelets.
	 * @param kubelet the kubelet
	 * @return this cluster
	 */
	public SimulatedCluster trust(SimulatedKubelet kubelet) {
		Assert.notNull(kubelet, "'kubelet' must not be null");
		this.keys.add(kubelet);
		return this;
	}

	/**
	 * Delete the pod of a simulated kubelet. Its tokens are refused immediately, which
	 * takes a real cluster 10 to 20 seconds, while its agent SVID remains valid until it
	 * expires.
	 * @param kubelet the kubelet
	 */
	public void deletePod(SimulatedKubelet kubelet) {
		Assert.notNull(kubelet, "'kubelet' must not be null");
		this.deletedPods.add(PsatClaims.of(kubelet.token()).podUid());
	}

	/**
	 * Set the fault of every attestation, until it is changed again.
	 * @param fault the fault
	 */
	public void fault(ReviewFault fault) {
		Assert.notNull(fault, "'fault' must not be null");
		this.fault = fault;
	}

	/** Return the name of the cluster. */
	public String name() {
		return this.name;
	}

	boolean hasPodIds() {
		return this.podIds;
	}

	boolean allows(String namespace, String serviceAccount) {
		return this.allowList.contains(namespace + ":" + serviceAccount);
	}

	List<String> audiences() {
		return this.audiences;
	}

	KubeletKeys keys() {
		return this.keys;
	}

	boolean isDeleted(String podUid) {
		return this.deletedPods.contains(podUid);
	}

	ReviewFault fault() {
		return this.fault;
	}

}
