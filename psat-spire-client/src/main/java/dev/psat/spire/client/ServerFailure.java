package dev.psat.spire.client;

/**
 * Creates exceptions from the statuses with which the SPIRE Server answers.
 */
final class ServerFailure {

	private ServerFailure() {
	}

	static SpireException of(int code, String message, byte[] details) {
		FailureReason denial = Denials.reason(details);
		FailureReason reason = (denial != null) ? denial : StatusRule.reason(code, message);
		return new SpireException(reason, "The SPIRE Server answered with code %d: %s".formatted(code,
				message.isEmpty() ? "(no message)" : Quoted.line(message)));
	}

}
