package dev.psat.spire.server;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.internal.VisitException;
import dev.psat.token.TokenClaims;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the application from becoming its node by mistake. If the server identifies
 * agents by the UID of their node, the application would evict that node's agent and
 * could obtain every identity on the node.
 */
final class IdentityGuard {

	private final boolean allowNodeIdentity;

	IdentityGuard(boolean allowNodeIdentity) {
		this.allowNodeIdentity = allowNodeIdentity;
	}

	/**
	 * Check the token before it is sent: without a pod UID, the result could not be
	 * checked.
	 * @throws VisitException if the token does not name a pod
	 */
	void checkBefore(TokenClaims claims) throws VisitException {
		if (!this.allowNodeIdentity && podUid(claims) == null) {
			throw new VisitException(VisitException.OwnReason.TOKEN_UNAVAILABLE, "The token does not name a pod",
					"Mount a projected service account token, which kubelet binds to the pod, at "
							+ "'spire.psat.token-path'.");
		}
	}

	/**
	 * Check the returned agent ID.
	 * @throws VisitException if it does not belong to the pod
	 */
	void checkAfter(SpiffeId agentId, TokenClaims claims) throws VisitException {
		if (!this.allowNodeIdentity && !isOfPod(agentId, claims)) {
			throw new VisitException(VisitException.OwnReason.NODE_IDENTITY,
					"The SPIRE Server made this pod the agent %s, which is not the identity of the pod"
						.formatted(agentId),
					"""
							Give such pods a cluster of their own in server.conf, with SPIRE Server 1.15.3 or later:

							    NodeAttestor "k8s_psat" {
							      plugin_data {
							        clusters = {
							          "%s" = {
							            use_pod_uid_for_agent_id = true
							            service_account_allow_list = ["%s:%s"]
							          }
							        }
							      }
							    }

							Where no SPIRE Agent runs on the node and no other pod of it attests, \
							set 'spire.server.allow-node-identity' to 'true'.""".formatted(
							"<name of the cluster for applications>", FailureAdvice.namespace(claims),
							FailureAdvice.serviceAccount(claims)));
		}
	}

	private static boolean isOfPod(SpiffeId agentId, TokenClaims claims) {
		String uid = podUid(claims);
		return uid != null && agentId.path().endsWith("/pod/" + uid);
	}

	private static @Nullable String podUid(TokenClaims claims) {
		String uid = (claims.pod() != null) ? claims.pod().uid() : null;
		return (uid != null && !uid.isBlank()) ? uid : null;
	}

}
