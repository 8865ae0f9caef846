package dev.psat.token;

/**
 * What is wrong with the file.
 *
 * @param state the name of the trouble
 * @param message what is wrong, without any part of a token
 */
record Trouble(SourceState state, String message) {

	String advice() {
		return Advice.forSource(this.state);
	}

	LookOutcome outcome() {
		return switch (this.state) {
			case MISSING -> LookOutcome.MISSING;
			case UNREADABLE -> LookOutcome.UNREADABLE;
			case MALFORMED -> LookOutcome.MALFORMED;
			case WRONG_AUDIENCE -> LookOutcome.WRONG_AUDIENCE;
			case STALE -> LookOutcome.STALE;
			case PINNED, OK -> LookOutcome.UNCHANGED;
		};
	}

}
