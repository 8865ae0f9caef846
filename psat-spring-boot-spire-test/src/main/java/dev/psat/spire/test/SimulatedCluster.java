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
	 * Start to describe a cluster. It allows no service account, trusts no kubelet, and
	 * gives agents the IDs of their nodes.
	 * @param name the name, which is what clients call {@code cluster}
	 * @return the cluster
	 */
	public static SimulatedCluster named(String name) {
		Assert.hasText(name, "'name' must not be empty");
		return new SimulatedCluster(name);
	}

	/**
	 * Give agents the IDs of their pods, as {@code use_pod_uid_for_agent_id} does.
	 * @return this cluster
	 */
	public SimulatedCluster usePodIds() {
		this.podIds = true;
		return this;
	}

	/**
	 * Put a service account on the allow list.
	 * @param namespace the namespace
	 * @param serviceAccount the name of the service account
	 * @return this cluster
	 */
	public SimulatedCluster allow(String namespace, String serviceAccount) {
		this.allowList.add(namespace + ":" + serviceAccount);
		return this;
	}

	/**
	 * Take a service account off the allow list.
	 * @param namespace the namespace
	 * @param serviceAccount the name of the service account
	 * @return this cluster
	 */
	public SimulatedCluster disallow(String namespace, String serviceAccount) {
		this.allowList.remove(namespace + ":" + serviceAccount);
		return this;
	}

	/**
	 * Set the audiences, of which a token needs one; {@code spire-server} by default.
	 * @param audiences one audience or more
	 * @return this cluster
	 */
	public SimulatedCluster audience(String... audiences) {
		Assert.notEmpty(audiences, "'audiences' must not be empty");
		this.audiences = List.of(audiences);
		return this;
	}

	/**
	 * Accept the tokens of a simulated kubelet, and of more of them if called again.
	 * @param kubelet the kubelet
	 * @return this cluster
	 */
	public SimulatedCluster trust(SimulatedKubelet kubelet) {
		Assert.notNull(kubelet, "'kubelet' must not be null");
		this.keys.add(kubelet);
		return this;
	}

	/**
	 * Delete the pod of a simulated kubelet. Its tokens are refused from now on, which a
	 * real cluster does after 10 to 20 seconds, and its agent SVID is good until it
	 * expires.
	 * @param kubelet the kubelet
	 */
	public void deletePod(SimulatedKubelet kubelet) {
		this.deletedPods.add(PsatClaims.of(kubelet.token()).podUid());
	}

	/**
	 * Let something go wrong at every attestation, until told otherwise.
	 * @param fault what goes wrong
	 */
	public void fault(ReviewFault fault) {
		Assert.notNull(fault, "'fault' must not be null");
		this.fault = fault;
	}

	/**
	 * Return the name of the cluster.
	 * @return the name
	 */
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
