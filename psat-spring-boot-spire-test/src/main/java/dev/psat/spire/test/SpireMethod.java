package dev.psat.spire.test;

import java.util.Arrays;

/**
 * Methods of the SPIRE Server API that the simulated server implements. It answers any
 * other with {@code Unimplemented}, and does not record that in the journal.
 *
 * @since 0.1.0
 */
public enum SpireMethod {

	/**
	 * Attests, and returns an agent SVID. Needs no client certificate.
	 */
	ATTEST_AGENT("agent.v1.Agent", "AttestAgent", false),

	/**
	 * Always refused, since agents of {@code k8s_psat} have to attest again.
	 */
	RENEW_AGENT("agent.v1.Agent", "RenewAgent", true),

	/**
	 * Reports the version of the agent.
	 */
	POST_STATUS("agent.v1.Agent", "PostStatus", true),

	/**
	 * Returns the trust bundle. Needs no client certificate.
	 */
	GET_BUNDLE("bundle.v1.Bundle", "GetBundle", false),

	/**
	 * Returns the trust bundle of a federated trust domain.
	 */
	GET_FEDERATED_BUNDLE("bundle.v1.Bundle", "GetFederatedBundle", true),

	/**
	 * Returns the entries for which the agent is authorized.
	 */
	GET_AUTHORIZED_ENTRIES("entry.v1.Entry", "GetAuthorizedEntries", true),

	/**
	 * Returns the entries for which the agent is authorized, and of many only those that
	 * it does not have yet, as SPIRE Agents ask for them.
	 */
	SYNC_AUTHORIZED_ENTRIES("entry.v1.Entry", "SyncAuthorizedEntries", true),

	/**
	 * Returns X509-SVIDs for entries.
	 */
	BATCH_NEW_X509_SVID("svid.v1.SVID", "BatchNewX509SVID", true),

	/**
	 * Returns a JWT-SVID for an entry.
	 */
	NEW_JWT_SVID("svid.v1.SVID", "NewJWTSVID", true);

	private final String service;

	private final String method;

	private final boolean agentNeeded;

	SpireMethod(String service, String method, boolean agentNeeded) {
		this.service = "spire.api.server." + service;
		this.method = method;
		this.agentNeeded = agentNeeded;
	}

	/**
	 * Return the full name of the gRPC method, such as {@code
	 * spire.api.server.bundle.v1.Bundle/GetBundle}.
	 */
	public String fullName() {
		return this.service + "/" + this.method;
	}

	String service() {
		return this.service;
	}

	boolean isAgentNeeded() {
		return this.agentNeeded;
	}

	static SpireMethod of(String fullName) {
		return Arrays.stream(values()).filter((method) -> method.fullName().equals(fullName)).findFirst().orElseThrow();
	}

}
