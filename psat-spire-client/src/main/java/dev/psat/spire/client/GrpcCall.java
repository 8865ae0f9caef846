package dev.psat.spire.client;

/**
 * A call as it is sent, once or twice.
 *
 * @param path path of the method
 * @param frame the request, framed
 * @param deadline when an answer must be there
 */
record GrpcCall(String path, byte[] frame, Deadline deadline) {

	/**
	 * Leaves out the request, which may hold a token.
	 */
	@Override
	public String toString() {
		return this.path;
	}

}
