package dev.psat.spire.workload.client;

/**
 * Why a call of the Workload API fails.
 *
 * @since 0.1.0
 */
public enum WorkloadFailureReason {

	/** There is no socket of that name, but there is its directory. */
	SOCKET_MISSING,

	/** The directory of the socket does not exist. */
	DIRECTORY_MISSING,

	/**
	 * This process may not search the directory of the socket, or write to the socket.
	 */
	SOCKET_NOT_PERMITTED,

	/** Something other than a socket has that name. */
	NOT_A_SOCKET,

	/** There is a socket, on which nobody listens. */
	NOBODY_LISTENS,

	/**
	 * The agent could not be reached otherwise, or the connection ended before it
	 * answered.
	 */
	UNREACHABLE,

	/** The agent did not answer in time. */
	TIMED_OUT,

	/** The client was closed, or the calling thread was interrupted while waiting. */
	CANCELLED,

	/** The answer is not one of a Workload API. */
	PROTOCOL_ERROR,

	/**
	 * The agent returned an SVID that is malformed, or does not fit its key, ID or trust
	 * bundle.
	 */
	INVALID_SVID,

	/** The agent returned a trust bundle that is malformed, or has no authorities. */
	INVALID_TRUST_BUNDLE,

	/**
	 * The agent has no identity for this process, at present: no registration entry
	 * matches, or it has not yet learned of it (gRPC status {@code PERMISSION_DENIED}).
	 */
	NO_IDENTITY,

	/**
	 * The agent attests this process in vain, limits its calls or is being started (gRPC
	 * status {@code UNAVAILABLE}).
	 */
	UNAVAILABLE,

	/** The agent does not implement the method, as one without JWT-SVIDs may not. */
	UNIMPLEMENTED,

	/** The agent rejected the request as invalid. */
	INVALID_REQUEST,

	/** The agent failed for another reason. */
	AGENT_ERROR

}
