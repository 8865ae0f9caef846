package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * What is wrong with the file.
 *
 * @param state the state that names the problem
 * @param message what is wrong, without any part of a token
 * @param advice what to do about it
 */
record FileProblem(SourceState state, String message, String advice) {

	FileProblem(SourceState state, String message) {
		this(state, message, Advice.forSource(state));
	}

	/**
	 * Create a problem for a file that is written to again and again.
	 * @param path the path of the file
	 * @param rest how long it should rest
	 * @return the problem
	 */
	static FileProblem unrest(Path path, Duration rest) {
		return new FileProblem(SourceState.UNREADABLE,
				"%s keeps changing: it never stays unchanged for %d ms, so it may be half written".formatted(path,
						rest.toMillis()),
				"Let only kubelet write the file. Any other writer should write another file and rename it over this one.");
	}

	/**
	 * Create a problem for a file system that does not answer.
	 * @param path the path of the file
	 * @param since when it was asked
	 * @return the problem
	 */
	static FileProblem silence(Path path, Instant since) {
		return new FileProblem(SourceState.UNREADABLE,
				"The file system has not answered since %s, when it was asked for %s".formatted(since, path),
				"Check that the path points to a regular file on a working file system: "
						+ "a dead network file system or a FIFO never answers.");
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
