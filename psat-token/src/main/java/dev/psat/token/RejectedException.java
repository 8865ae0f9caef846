package dev.psat.token;

class RejectedException extends Exception {

	private final transient FileProblem problem;

	RejectedException(SourceState state, String message) {
		// no cause: a parser's exception quotes what it could not parse
		super(message, null, false, false);
		this.problem = new FileProblem(state, message);
	}

	FileProblem problem() {
		return this.problem;
	}

}
