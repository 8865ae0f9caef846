package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The result of a look, as needed by the thread that looked.
 *
 * @param directories the directories in which a change can make the path lead elsewhere,
 * by their identity
 * @param changed whether the content differs from that of the last look that found any
 * @param again how long to wait for another look that tells what this one saw,
 * {@code null} if that is known
 * @param next how long to wait for the next look at most
 */
record Look(Map<Object, Path> directories, boolean changed, @Nullable Duration again, Duration next) {

	boolean isConclusive() {
		return this.again == null;
	}

}
