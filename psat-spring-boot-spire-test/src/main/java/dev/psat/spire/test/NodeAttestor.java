package dev.psat.spire.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.psat.spire.test.TokenReview.RefusedTokenException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * Attests like the server's plugin {@code k8s_psat}. Source of order, codes and wording:
 * {@code k8spsat/psat.go} of the SPIRE Server. The transcripts {@code denied-*} prove
 * those for a broken payload, a missing cluster or token, an unknown cluster, a failed
 * review and a service account that is not allowed; the others are modelled on source,
 * not on a run.
 */
final class NodeAttestor {

	static final String TYPE = "k8s_psat";

	private static final String HOST_IP = "192.0.2.1";

	private final String trustDomain;

	private final SpireRelease release;

	private final Map<String, SimulatedCluster> clusters;

	private final TokenReview tokenReview;

	NodeAttestor(String trustDomain, SpireRelease release, Map<String, SimulatedCluster> clusters,
			TokenReview tokenReview) {
		this.trustDomain = trustDomain;
		this.release = release;
		this.clusters = clusters;
		this.tokenReview = tokenReview;
	}

	AttestedNode attest(byte[] payload) {
		PsatPayload parsed = PsatPayload.parse(payload);
		if (parsed.cluster().isEmpty()) {
			throw refused(Status.Code.INVALID_ARGUMENT, "missing cluster in attestation data");
		}
		if (parsed.token().isEmpty()) {
			throw refused(Status.Code.INVALID_ARGUMENT, "missing token in attestation data");
		}
		SimulatedCluster cluster = this.clusters.get(parsed.cluster());
		if (cluster == null) {
			throw refused(Status.Code.INVALID_ARGUMENT, "not configured for cluster \"" + parsed.cluster() + "\"");
		}
		PsatClaims claims = review(parsed.token(), cluster);
		checkServiceAccount(claims, cluster);
		checkPod(claims, cluster);
		checkNode(cluster);
		String suffix = (cluster.hasPodIds() && this.release.knowsPodIds()) ? "pod/" + claims.podUid()
				: claims.nodeUid();
		return new AttestedNode(SpiffeIds.agent(this.trustDomain, cluster.name(), suffix), selectors(claims, cluster));
	}

	private PsatClaims review(String token, SimulatedCluster cluster) {
		String failed = "unable to validate token with TokenReview API" + forCluster(cluster) + ": ";
		switch (cluster.fault()) {
			case API_SERVER_UNREACHABLE ->
				throw refused(Status.Code.INTERNAL, failed + "unable to query token review API: connection refused");
			case AUDIENCE_NOT_VALIDATED -> throw refused(Status.Code.INTERNAL,
					failed + "token review API did not validate audience: wanted one of "
							+ TokenReview.quoted(cluster.audiences()) + " but got []");
			case NOT_AUTHENTICATED -> throw refused(Status.Code.PERMISSION_DENIED,
					"token not authenticated according to TokenReview API" + forCluster(cluster));
			default -> {
				try {
					return this.tokenReview.review(token, cluster);
				}
				catch (RefusedTokenException ex) {
					throw refused(Status.Code.INTERNAL,
							failed + "token review API response contains an error: " + ex.error());
				}
			}
		}
	}

	private void checkServiceAccount(PsatClaims claims, SimulatedCluster cluster) {
		if (cluster.fault() == ReviewFault.USER_TOKEN) {
			throw fromReview("parse username", cluster, "unexpected username format: kubernetes-admin");
		}
		if (!cluster.allows(claims.namespace(), claims.serviceAccount())) {
			throw refused(Status.Code.PERMISSION_DENIED, "\"" + claims.namespace() + ":" + claims.serviceAccount()
					+ "\" is not an allowed service account" + forCluster(cluster));
		}
	}

	private void checkPod(PsatClaims claims, SimulatedCluster cluster) {
		switch (cluster.fault()) {
			case NO_POD_NAME -> throw fromReview("get pod name", cluster, "missing pod name");
			case NO_POD_UID -> throw fromReview("get pod UID", cluster, "missing pod UID");
			case POD_FORBIDDEN -> throw fromApiServer("pod", cluster);
			case POD_REPLACED -> {
				if (this.release.comparesPods()) {
					throw refused(Status.Code.PERMISSION_DENIED,
							"pod UID mismatch for pod \"" + claims.podName() + "\" in cluster \"" + cluster.name()
									+ "\": token bound to pod UID \"" + claims.podUid() + "\"");
				}
			}
			default -> {
			}
		}
	}

	private void checkNode(SimulatedCluster cluster) {
		if (cluster.fault() == ReviewFault.NODE_FORBIDDEN) {
			throw fromApiServer("node", cluster);
		}
		if (cluster.fault() == ReviewFault.NO_NODE_UID) {
			throw refused(Status.Code.INTERNAL, "node UID is empty" + forCluster(cluster));
		}
	}

	private StatusRuntimeException fromReview(String action, SimulatedCluster cluster, String cause) {
		return refused(Status.Code.INTERNAL, this.release.failed() + " to " + action + " from token review status"
				+ forCluster(cluster) + ": " + cause);
	}

	private StatusRuntimeException fromApiServer(String kind, SimulatedCluster cluster) {
		return refused(Status.Code.INTERNAL, this.release.failed() + " to get " + kind + " from k8s API server"
				+ forCluster(cluster) + ": unable to query " + kind + "s API: " + kind + "s is forbidden");
	}

	private String forCluster(SimulatedCluster cluster) {
		return this.release.forCluster(cluster.name());
	}

	private static StatusRuntimeException refused(Status.Code code, String message) {
		return Statuses.of(code, "nodeattestor(" + TYPE + "): " + message);
	}

	private static List<String> selectors(PsatClaims claims, SimulatedCluster cluster) {
		List<String> selectors = new ArrayList<>();
		selectors.add("cluster:" + cluster.name());
		selectors.add("agent_ns:" + claims.namespace());
		selectors.add("agent_sa:" + claims.serviceAccount());
		selectors.add("agent_pod_name:" + claims.podName());
		selectors.add("agent_pod_uid:" + claims.podUid());
		selectors.add("agent_node_ip:" + HOST_IP);
		selectors.add("agent_node_name:" + claims.nodeName());
		selectors.add("agent_node_uid:" + claims.nodeUid());
		return selectors.stream().map((selector) -> TYPE + ":" + selector).toList();
	}

	record AttestedNode(String agentId, List<String> selectors) {

	}

}
