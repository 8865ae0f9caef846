package dev.psat.spire.client;

/**
 * Why a call to the SPIRE Server fails.
 *
 * @since 0.1.0
 */
public enum FailureReason {

	/**
	 * The server could not be reached: it has no address, nothing listens there, or
	 * nothing is answered.
	 */
	UNREACHABLE,

	/** The server accepted TCP, but did not complete the TLS handshake in time. */
	HANDSHAKE_TIMED_OUT,

	/** The server did not answer in time. */
	TIMED_OUT,

	/** The client was closed, or the calling thread was interrupted while waiting. */
	CANCELLED,

	/**
	 * Client and server share no TLS version. A SPIRE Server demands 1.3 of clients
	 * without a certificate.
	 */
	TLS_VERSION,

	/**
	 * The server ended the handshake with {@code handshake_failure}: no key exchange, or
	 * no other parameter of TLS, that both accept. One with {@code require_pq_kem} does
	 * so if this JDK has no post-quantum key exchange.
	 */
	TLS_PARAMETERS,

	/**
	 * The server's certificate does not chain to the trust bundle, or is not an
	 * X.509-SVID.
	 */
	SERVER_NOT_TRUSTED,

	/**
	 * The server claims another SPIFFE ID than the trust domain's SPIRE Server. Whether
	 * an authority backs that was not checked.
	 */
	SERVER_ID_MISMATCH,

	/**
	 * The server rejects the agent SVID, which has expired or whose authority was
	 * revoked. Later calls of the {@link AgentConnection} fail at once; a new agent SVID
	 * is needed.
	 */
	CERTIFICATE_REFUSED,

	/** The response is not one of a SPIRE Server. */
	PROTOCOL_ERROR,

	/** The server sent a challenge, which is not supported: {@code k8s_psat} has none. */
	CHALLENGED,

	/**
	 * The server returned an SVID that is malformed, has the wrong key or ID, or does not
	 * chain to the trust bundle.
	 */
	INVALID_SVID,

	/** The server returned a trust bundle that is malformed, foreign or empty. */
	INVALID_TRUST_BUNDLE,

	/** The server received more calls from the client's address than it allows. */
	RATE_LIMITED,

	/** The server does not implement the method. */
	UNIMPLEMENTED,

	/** The server rejected the request as invalid. */
	INVALID_REQUEST,

	/** The server has no node attestor of that type. */
	ATTESTOR_MISSING,

	/** The server's node attestor is not configured. */
	ATTESTOR_NOT_CONFIGURED,

	/** The payload is not the JSON that the node attestor expects. */
	PAYLOAD_MALFORMED,

	/** The payload names no cluster. */
	CLUSTER_MISSING,

	/** The payload contains no token. */
	TOKEN_MISSING,

	/** The server's node attestor is not configured for the cluster. */
	CLUSTER_UNKNOWN,

	/**
	 * The Kubernetes API server could not be reached or rejected the token, which has
	 * expired, is meant for others, or whose pod is gone. A newer one may be accepted.
	 */
	TOKEN_REVIEW_FAILED,

	/** The Kubernetes API server did not authenticate the token, without an error. */
	TOKEN_NOT_AUTHENTICATED,

	/** The token does not belong to a service account. */
	TOKEN_NOT_OF_SERVICE_ACCOUNT,

	/** The service account is not on the server's allow list for the cluster. */
	SERVICE_ACCOUNT_NOT_ALLOWED,

	/** The token is not bound to a pod. */
	TOKEN_NOT_BOUND_TO_POD,

	/** The server could not read the pod from the Kubernetes API server. */
	POD_NOT_READABLE,

	/** The pod of the token was replaced by another one of the same name. */
	POD_REPLACED,

	/** The server could not read the node, or it has no UID. */
	NODE_NOT_READABLE,

	/**
	 * The agent ID that the server derived is invalid, usually because of the name of the
	 * cluster.
	 */
	AGENT_ID_INVALID,

	/** The agent is banned. */
	AGENT_BANNED,

	/** The agent SVID has expired. */
	AGENT_EXPIRED,

	/** The server knows no such agent: it was evicted or pruned. */
	AGENT_NOT_ATTESTED,

	/** The same agent ID has attested again, which replaced this agent SVID. */
	AGENT_NOT_ACTIVE,

	/** The agent has to attest again. */
	AGENT_MUST_REATTEST,

	/** The server's authorization policy denies the call without further explanation. */
	PERMISSION_DENIED,

	/** The server could not derive a SPIFFE ID from the client certificate. */
	UNAUTHENTICATED,

	/**
	 * There is no such entry, the agent is not authorized for it, or the server has not
	 * yet cached it.
	 */
	ENTRY_NOT_FOUND,

	/** The server has no trust bundle. */
	TRUST_BUNDLE_NOT_FOUND,

	/** The server does not issue JWT-SVIDs. */
	JWT_DISABLED,

	/** The server could not sign an SVID. */
	SIGNING_FAILED,

	/** The server's data store failed. */
	DATASTORE_FAILED,

	/** The server failed for another reason. */
	SERVER_ERROR

}
