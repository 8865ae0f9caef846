package dev.psat.token;

/**
 * Thrown when the content of a file is rejected.
 */
class RejectedException extends Exception {

	private final transient Trouble trouble;

	RejectedException(SourceState state, String message) {
		// no cause: a parser's exception quotes what it could not parse
		super(message, null, false, false);
		this.trouble = new Trouble(state, message);
	}

	Trouble trouble() {
		return this.trouble;
	}

}
