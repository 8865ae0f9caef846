package dev.psat.spire.client;

import java.time.Duration;

/**
 * A call as it is sent, once or twice.
 *
 * @param path path of the method
 * @param frame the request, framed
 * @param deadline when an answer must be there
 */
record GrpcCall(String path, byte[] frame, Deadline deadline) {

	/**
	 * Return when the server is to give up. For an attestation that is before the client
	 * does, even if connecting takes its time: a server that attests when nobody listens
	 * any more has ended the agent SVID that was in force, for nothing.
	 * @param connecting how long connecting may take
	 * @return the deadline
	 */
	Deadline serverDeadline(Duration connecting) {
		return this.path.equals(Methods.ATTEST_AGENT.path()) ? this.deadline.earlier(connecting) : this.deadline;
	}

	/**
	 * Leaves out the request, which may hold a token.
	 */
	@Override
	public String toString() {
		return this.path;
	}

}
