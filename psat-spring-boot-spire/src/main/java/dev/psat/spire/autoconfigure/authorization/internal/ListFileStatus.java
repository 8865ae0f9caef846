package dev.psat.spire.autoconfigure.authorization.internal;

import java.nio.file.Path;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * @param entries how many SPIFFE IDs and patterns of it are in force
 * @param readAt when these were read, {@code null} if nothing has been
 * @param error what is wrong with the file, {@code null} if nothing is
 */
public record ListFileStatus(Path path, State state, int entries, @Nullable Instant readAt, @Nullable String error) {

	public enum State {

		/** What it lists is in force. */
		OK,

		/** What it lists is in force, but no other file can ever take its place. */
		PINNED,

		/** There is no file. */
		MISSING,

		/** The file cannot be read, or is not left alone for long enough. */
		UNREADABLE,

		/** The file is not a list, or one of its items is not permitted. */
		INVALID

	}

}
