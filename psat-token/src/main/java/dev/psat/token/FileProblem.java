package dev.psat.token;

import dev.psat.file.internal.WatchedFile;

record FileProblem(SourceState state, String message, String advice) {

	FileProblem(SourceState state, String message) {
		this(state, message, state.advice());
	}

	static FileProblem of(WatchedFile.Problem problem) {
		String message = problem.message();
		return switch (problem.kind()) {
			case MISSING -> new FileProblem(SourceState.MISSING, message);
			case UNREADABLE -> new FileProblem(SourceState.UNREADABLE, message);
			case RESTLESS -> new FileProblem(SourceState.UNREADABLE, message,
					"Let only kubelet write the file. Any other writer should write another file and rename it over this one.");
			case SILENT -> new FileProblem(SourceState.UNREADABLE, message,
					"Check that the path points to a regular file on a working file system: "
							+ "a dead network file system or a FIFO never answers.");
		};
	}

}
