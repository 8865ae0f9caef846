package dev.psat.spire.client;

/**
 * Creates exceptions from the statuses with which the SPIRE Server answers.
 */
final class ServerFailure {

	private ServerFailure() {
	}

	/**
	 * Create an exception.
	 * @param where the address of the server
	 * @param code the code of gRPC
	 * @param message the server's message
	 * @param details a {@code google.rpc.Status}, may be empty
	 * @return the exception
	 */
	static SpireException of(String where, int code, String message, byte[] details) {
		FailureReason denial = Denials.reason(details);
		FailureReason reason = (denial != null) ? denial : StatusRule.reason(code, message);
		return new SpireException(reason, "The SPIRE Server at %s answered with code %d: %s".formatted(where, code,
				message.isEmpty() ? "(no message)" : Quoted.line(message)));
	}

}
