package dev.psat.spire.client;

/**
 * Reasons for which a call to the SPIRE Server fails. An answer of the server is
 * recognized by its status code and a fragment of its message that has not changed since
 * release 1.14.
 *
 * @since 0.1.0
 */
public enum FailureReason {

	/**
	 * The server could not be reached: its name has no address, nothing listens there,
	 * the connection ended before the server began to answer, or nothing is answered on
	 * it anymore.
	 */
	UNREACHABLE,

	/**
	 * Something accepts TCP connections at the server's address, but did not complete the
	 * TLS handshake in time.
	 */
	HANDSHAKE_TIMED_OUT,

	/** The server did not answer in time. */
	TIMED_OUT,

	/** The client was closed, or the calling thread was interrupted while waiting. */
	CANCELLED,

	/**
	 * Client and server share no TLS version. Without a client certificate, a SPIRE
	 * Server can only be reached with TLS 1.3.
	 */
	TLS_VERSION,

	/**
	 * The server ended the handshake with the alert {@code handshake_failure} before it
	 * presented its certificate: there is no key exchange, or no other parameter of TLS,
	 * that both accept. A SPIRE Server that applies {@code require_pq_kem} answers like
	 * this, if this JDK has no post-quantum key exchange.
	 */
	TLS_PARAMETERS,

	/**
	 * The server's certificate does not chain to the trust bundle, or is not an
	 * X.509-SVID.
	 */
	SERVER_NOT_TRUSTED,

	/**
	 * The server claims a SPIFFE ID other than that of the trust domain's SPIRE Server.
	 * Whether the claim is backed by a trusted authority was not checked.
	 */
	SERVER_ID_MISMATCH,

	/**
	 * The server rejects the agent SVID and ends every connection that presents it: the
	 * SVID has expired, or its authority was revoked. Later calls of the
	 * {@link AgentConnection} fail immediately for the same reason; a new agent SVID is
	 * needed.
	 */
	CERTIFICATE_REFUSED,

	/** The response is not one of a SPIRE Server. */
	PROTOCOL_ERROR,

	/**
	 * The server sent a challenge, which this client does not support: {@code k8s_psat}
	 * has none.
	 */
	CHALLENGED,

	/**
	 * The server returned an SVID that is malformed, has the wrong key or ID, or does not
	 * chain to the trust bundle.
	 */
	INVALID_SVID,

	/**
	 * The server returned a trust bundle that is malformed, belongs to another trust
	 * domain, or has no X.509 authorities.
	 */
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
	 * The Kubernetes API server could not be reached, or rejected the token: it has
	 * expired, is meant for another audience, comes from another issuer or cluster, or
	 * its pod is gone. A newer token may be accepted.
	 */
	TOKEN_REVIEW_FAILED,

	/**
	 * The Kubernetes API server did not authenticate the token, and returned no error.
	 */
	TOKEN_NOT_AUTHENTICATED,

	/** The token does not belong to a service account. */
	TOKEN_NOT_OF_SERVICE_ACCOUNT,

	/** The service account is not on the server's allow list for the cluster. */
	SERVICE_ACCOUNT_NOT_ALLOWED,

	/** The token is not bound to a pod. */
	TOKEN_NOT_BOUND_TO_POD,

	/** The server could not read the pod from the Kubernetes API server. */
	POD_NOT_READABLE,

	/**
	 * The pod to which the token is bound was replaced by another one of the same name.
	 */
	POD_REPLACED,

	/**
	 * The server could not read the node from the Kubernetes API server, or it has no
	 * UID.
	 */
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
	 * There is no such entry, the agent is not authorized for it, or the server's cache
	 * does not contain it yet.
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
