package dev.psat.token;

import java.nio.file.Path;

import dev.psat.file.internal.FileContent;
import dev.psat.file.internal.LinkPath;
import dev.psat.file.internal.LinkedFile;
import org.jspecify.annotations.Nullable;

/**
 * The file with the token. Not thread-safe.
 */
final class TokenFile {

	private final LinkedFile file;

	TokenFile(Path path) {
		this.file = new LinkedFile(path, TokenParser.LARGEST);
	}

	Reading read() {
		LinkedFile.Reading reading = this.file.read();
		LinkedFile.Problem problem = reading.problem();
		return new Reading(reading.link(), reading.content(), (problem != null) ? problem(problem) : null,
				reading.began(), reading.ended());
	}

	private static FileProblem problem(LinkedFile.Problem problem) {
		return new FileProblem(problem.missing() ? SourceState.MISSING : SourceState.UNREADABLE, problem.message());
	}

	/**
	 * The result of a read.
	 *
	 * @param link where the path led
	 * @param content the content, {@code null} with a problem
	 * @param problem why there is no content, {@code null} if there is some
	 * @param began the {@link System#nanoTime()} when it began
	 * @param ended the {@link System#nanoTime()} when it ended
	 */
	record Reading(LinkPath link, @Nullable FileContent content, @Nullable FileProblem problem, long began,
			long ended) {

		boolean isPinned() {
			return this.content != null && this.content.pinned();
		}

	}

}
