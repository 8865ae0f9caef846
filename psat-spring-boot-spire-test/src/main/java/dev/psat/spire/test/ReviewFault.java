package dev.psat.spire.test;

/**
 * Faults between the SPIRE Server and the Kubernetes API server during a token review.
 * Source: {@code k8spsat/psat.go} and {@code k8s/apiserver/client.go} of the SPIRE
 * Server; modelled on source, not on a run.
 *
 * @since 0.1.0
 * @see SimulatedCluster#fault(ReviewFault)
 */
public enum ReviewFault {

	/**
	 * Nothing goes wrong.
	 */
	NONE,

	/**
	 * The API server cannot be reached.
	 */
	API_SERVER_UNREACHABLE,

	/**
	 * The API server ignores the audience that it should check.
	 */
	AUDIENCE_NOT_VALIDATED,

	/**
	 * The API server does not authenticate the token, and returns no error.
	 */
	NOT_AUTHENTICATED,

	/**
	 * The token belongs to a user rather than to a service account.
	 */
	USER_TOKEN,

	/**
	 * The API server does not name a pod.
	 */
	NO_POD_NAME,

	/**
	 * The API server does not return the UID of the pod.
	 */
	NO_POD_UID,

	/**
	 * The server is not allowed to read the pod.
	 */
	POD_FORBIDDEN,

	/**
	 * The pod to which the token is bound was replaced by another one of the same name.
	 * Only {@link SpireRelease#V1_16} notices.
	 */
	POD_REPLACED,

	/**
	 * The server is not allowed to read the node.
	 */
	NODE_FORBIDDEN,

	/**
	 * The node has no UID.
	 */
	NO_NODE_UID

}
