package dev.psat.spire.test;

/**
 * What goes wrong between the SPIRE Server and the Kubernetes API server while a token is
 * reviewed. Source: {@code k8spsat/psat.go} and {@code k8s/apiserver/client.go} of the
 * SPIRE Server; modelled on source, not on a run.
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
	 * The API server cannot be asked.
	 */
	API_SERVER_UNREACHABLE,

	/**
	 * The API server ignores the audience that it was asked to check.
	 */
	AUDIENCE_NOT_VALIDATED,

	/**
	 * The API server does not authenticate the token, and gives no error.
	 */
	NOT_AUTHENTICATED,

	/**
	 * The token is that of a user, not of a service account.
	 */
	USER_TOKEN,

	/**
	 * The API server names no pod.
	 */
	NO_POD_NAME,

	/**
	 * The API server names no UID of a pod.
	 */
	NO_POD_UID,

	/**
	 * The server may not read the pod.
	 */
	POD_FORBIDDEN,

	/**
	 * Another pod has taken the name of the one that the token is bound to. Only
	 * {@link SpireRelease#MAIN} notices.
	 */
	POD_REPLACED,

	/**
	 * The server may not read the node.
	 */
	NODE_FORBIDDEN,

	/**
	 * The node has no UID.
	 */
	NO_NODE_UID

}
