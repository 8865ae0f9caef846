package dev.psat.spire.client;

/**
 * Makes an exception of a status with which the SPIRE Server answers.
 */
final class ServerFailure {

	/** Enough for what a server has to say, and too little to flood a log. */
	private static final int LONGEST_MESSAGE = 1024;

	private ServerFailure() {
	}

	static SpireException of(int code, String message, byte[] details) {
		FailureReason denial = Denials.reason(details);
		FailureReason reason = (denial != null) ? denial : StatusRule.reason(code, message);
		return new SpireException(reason, "The SPIRE Server answered with code %d: %s".formatted(code, shown(message)));
	}

	private static String shown(String message) {
		String line = message.codePoints()
			.limit(LONGEST_MESSAGE)
			.map((character) -> Character.isISOControl(character) ? ' ' : character)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
		return line.isEmpty() ? "(no message)" : line;
	}

}
