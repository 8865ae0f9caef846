package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What whoever looks needs to know of a look.
 *
 * @param directories the directories in which a change can make the path lead elsewhere,
 * by their identity
 * @param changed whether there was another content than at the last look that found any
 * @param again after which time another look is needed to know what this one saw,
 * {@code null} if it is known
 * @param next after which time to look next at the latest
 */
record Look(Map<Object, Path> directories, boolean changed, @Nullable Duration again, Duration next) {

	boolean isConclusive() {
		return this.again == null;
	}

}
