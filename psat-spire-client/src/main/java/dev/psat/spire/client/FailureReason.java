package dev.psat.spire.client;

/**
 * Why a call to the SPIRE Server failed. What a server says is recognized by the code of
 * its status and a fragment of its message that no release from 1.14 on has changed.
 *
 * @since 0.1.0
 */
public enum FailureReason {

	/**
	 * No server could be reached: its name has no address, nothing listens there, or the
	 * connection ended before the server had begun to answer.
	 */
	UNREACHABLE,

	/**
	 * The server has not answered in time.
	 */
	TIMED_OUT,

	/**
	 * The client was closed, or the calling thread interrupted, while it waited.
	 */
	CANCELLED,

	/**
	 * Client and server have no version of TLS in common: without a client certificate a
	 * SPIRE Server can be reached by TLS 1.3 alone.
	 */
	TLS_VERSION,

	/**
	 * The certificate of the server does not chain to the trust bundle, or is no
	 * X.509-SVID.
	 */
	SERVER_NOT_TRUSTED,

	/**
	 * The server claims another SPIFFE ID than that of the SPIRE Server of the trust
	 * domain. Whether anyone vouches for that claim was not looked at.
	 */
	SERVER_ID_MISMATCH,

	/**
	 * The server ends every connection that is made with this agent SVID: the SVID has
	 * expired, or its authority was revoked. Every later call of the
	 * {@link AgentConnection} fails so at once; it takes another agent SVID.
	 */
	CERTIFICATE_REFUSED,

	/**
	 * What came back is no answer of a SPIRE Server.
	 */
	PROTOCOL_ERROR,

	/**
	 * The server asked for an answer to a challenge, which this client cannot give:
	 * {@code k8s_psat} has none.
	 */
	CHALLENGED,

	/**
	 * The server returned an SVID that is malformed, of another key or another ID, or
	 * that does not chain to the trust bundle.
	 */
	INVALID_SVID,

	/**
	 * The server returned a trust bundle that is malformed, of another trust domain or
	 * without X.509 authorities.
	 */
	INVALID_TRUST_BUNDLE,

	/**
	 * More calls came from the client's address than the server allows.
	 */
	RATE_LIMITED,

	/**
	 * The server does not know the method.
	 */
	UNIMPLEMENTED,

	/**
	 * The server could not make sense of the request.
	 */
	INVALID_REQUEST,

	/**
	 * The server has no node attestor of that type.
	 */
	ATTESTOR_MISSING,

	/**
	 * The server's node attestor has no configuration.
	 */
	ATTESTOR_NOT_CONFIGURED,

	/**
	 * The payload is no JSON of the form that the node attestor expects.
	 */
	PAYLOAD_MALFORMED,

	/**
	 * The payload names no cluster.
	 */
	CLUSTER_MISSING,

	/**
	 * The payload holds no token.
	 */
	TOKEN_MISSING,

	/**
	 * The server's node attestor has no cluster of that name.
	 */
	CLUSTER_UNKNOWN,

	/**
	 * The Kubernetes API server rejected the token, or could not be asked: expired, of
	 * another audience, issuer or cluster, or of a pod that is gone. A newer token may be
	 * accepted.
	 */
	TOKEN_REVIEW_FAILED,

	/**
	 * The Kubernetes API server did not authenticate the token, and gave no error.
	 */
	TOKEN_NOT_AUTHENTICATED,

	/**
	 * The token is not that of a service account.
	 */
	TOKEN_NOT_OF_SERVICE_ACCOUNT,

	/**
	 * The service account is not in the server's allow list for the cluster.
	 */
	SERVICE_ACCOUNT_NOT_ALLOWED,

	/**
	 * The token is not bound to a pod.
	 */
	TOKEN_NOT_BOUND_TO_POD,

	/**
	 * The server could not read the pod from the Kubernetes API server.
	 */
	POD_NOT_READABLE,

	/**
	 * Another pod has taken the name of the one that the token is bound to.
	 */
	POD_REPLACED,

	/**
	 * The server could not read the node from the Kubernetes API server, or it has no
	 * UID.
	 */
	NODE_NOT_READABLE,

	/**
	 * The server made up an agent ID that is none, mostly because of the name of the
	 * cluster.
	 */
	AGENT_ID_INVALID,

	/**
	 * The agent is banned.
	 */
	AGENT_BANNED,

	/**
	 * The agent SVID has expired.
	 */
	AGENT_EXPIRED,

	/**
	 * The server knows no such agent: it was evicted or pruned.
	 */
	AGENT_NOT_ATTESTED,

	/**
	 * The same agent ID has attested again, which put another agent SVID in the place of
	 * this one.
	 */
	AGENT_NOT_ACTIVE,

	/**
	 * The agent has to attest again.
	 */
	AGENT_MUST_REATTEST,

	/**
	 * The server's authorization policy denies the call, and does not say why.
	 */
	PERMISSION_DENIED,

	/**
	 * The server could make no SPIFFE ID of the client certificate.
	 */
	UNAUTHENTICATED,

	/**
	 * There is no such entry, or the agent is not authorized for it, or the server's
	 * cache does not know it yet.
	 */
	ENTRY_NOT_FOUND,

	/**
	 * The server has no trust bundle.
	 */
	TRUST_BUNDLE_NOT_FOUND,

	/**
	 * The server issues no JWT-SVIDs.
	 */
	JWT_DISABLED,

	/**
	 * The server could not sign an SVID.
	 */
	SIGNING_FAILED,

	/**
	 * The server's data store failed.
	 */
	DATASTORE_FAILED,

	/**
	 * The server failed in another way.
	 */
	SERVER_ERROR

}
