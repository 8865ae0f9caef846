package dev.psat.spire.client;

import java.time.Duration;

/**
 * A call that is sent once, or repeated.
 *
 * @param path the path of the method
 * @param frame the request, framed
 * @param deadline when the answer is due
 */
record GrpcCall(String path, byte[] frame, Deadline deadline) {

	/**
	 * Return when the server should give up. For an attestation, that is before the
	 * client does, even if connecting takes a while: a server that attests after the
	 * client has gone invalidates the current agent SVID for nothing.
	 * @param connecting how long connecting may take
	 * @return the deadline
	 */
	Deadline serverDeadline(Duration connecting) {
		return this.path.equals(Methods.ATTEST_AGENT.path()) ? this.deadline.earlier(connecting) : this.deadline;
	}

	/**
	 * Return a description without the request, which may contain a token.
	 */
	@Override
	public String toString() {
		return this.path;
	}

}
