package dev.psat.spire.server;

import java.security.KeyPair;
import java.time.Duration;
import java.util.function.Consumer;

import dev.psat.AttestationPayload;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.client.SpireClient;
import dev.psat.spire.client.SpireException;
import dev.psat.spire.internal.Composure;
import dev.psat.spire.internal.IdentityLog;
import dev.psat.spire.internal.Outcomes;
import dev.psat.spire.internal.Renewal;
import dev.psat.spire.internal.VisitException;
import dev.psat.token.TokenClaims;
import org.jspecify.annotations.Nullable;

/** Attests with the current payload, and accepts no identity but that of this pod. */
final class Attestation {

	private static final IdentityLog logger = new IdentityLog();

	private final ServerDoor.Settings settings;

	private final ServerDoor.Memory memory;

	private final IdentityGuard guard;

	private final SpireClient client;

	private final AgentKeeper agents;

	private final Composure composure;

	private final Consumer<VisitException> silence;

	Attestation(ServerDoor.Settings settings, ServerDoor.Memory memory, SpireClient client, AgentKeeper agents,
			Composure composure, Consumer<VisitException> silence) {
		this.settings = settings;
		this.memory = memory;
		this.guard = new IdentityGuard(settings.allowNodeIdentity());
		this.client = client;
		this.agents = agents;
		this.composure = composure;
		this.silence = silence;
	}

	@Nullable Agent attest(Need need) throws VisitException {
		Agent before = this.agents.current();
		if (!this.agents.mayAttest(need)) {
			return before;
		}
		this.agents.begun();
		try {
			Agent agent = this.memory.outcomes().observed(Outcomes.attestation(), this::attest);
			this.agents.attested(agent, need);
			tell(agent, before != null, this.memory.publication().attested(agent));
			return agent;
		}
		catch (VisitException ex) {
			this.agents.refused(ex);
			throw ex;
		}
		finally {
			this.agents.ended();
		}
	}

	private static void tell(Agent agent, boolean renewal, Duration skew) {
		X509Svid svid = agent.svid();
		logger.tell(!renewal, "Attested to {} as {} (serial number {}, expires at {})", agent.server(), svid.spiffeId(),
				svid.serialNumber(), svid.expiresAt());
		if (!skew.isZero()) {
			logger.warn("The clock of the SPIRE Server is {} seconds {} this one", skew.abs().toSeconds(),
					skew.isNegative() ? "behind" : "ahead of");
		}
	}

	private Agent attest() throws VisitException {
		this.composure.regain();
		return attest(this.memory.payloads().payload(this.silence));
	}

	private Agent attest(AttestationPayload payload) throws VisitException {
		TokenClaims claims = payload.claims();
		this.guard.checkBefore(claims);
		KeyPair key = this.settings.keyType().generate();
		X509Svid svid = send(payload, key);
		this.guard.checkAfter(svid.spiffeId(), claims);
		return new Agent(this.settings.server(), svid, this.client.connect(svid, key), claims,
				Renewal.of(svid, 0.80, 0.95, this.settings.time()));
	}

	private X509Svid send(AttestationPayload payload, KeyPair key) throws VisitException {
		this.composure.regain();
		try {
			return this.client.attest(payload.type(), payload.toBytes(), key);
		}
		catch (SpireException ex) {
			throw FailureAdvice.failure(ex, payload.claims());
		}
	}

	/** What an agent is needed for. */
	enum Need {

		/** To check for changes, which can wait. */
		NONE,

		/** To obtain an X.509-SVID. */
		RENEWAL,

		/** For a waiting caller. */
		CALL

	}

	/**
	 * Keeps the application from becoming its node by mistake. If the server identifies
	 * agents by the UID of their node, the application would evict that node's agent and
	 * could obtain every identity on the node.
	 */
	static final class IdentityGuard {

		private final boolean allowNodeIdentity;

		IdentityGuard(boolean allowNodeIdentity) {
			this.allowNodeIdentity = allowNodeIdentity;
		}

		/** Without a pod UID, the result could not be checked. */
		void checkBefore(TokenClaims claims) throws VisitException {
			if (!this.allowNodeIdentity && podUid(claims) == null) {
				throw new VisitException(VisitException.OwnReason.TOKEN_UNAVAILABLE, "The token does not name a pod",
						"Mount a projected service account token, which kubelet binds to the pod, at "
								+ "'spire.psat.token-path'.");
			}
		}

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

}
