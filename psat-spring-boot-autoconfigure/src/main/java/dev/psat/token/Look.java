package dev.psat.token;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * What whoever looks needs to know of a look.
 *
 * @param directories the directories in which a change can make the path lead elsewhere
 * @param changed whether there was another content than at the last look that found any
 * @param again after which time another look is wanted before this one says anything,
 * zero if it says all
 * @param next after which time to look next at the latest
 */
record Look(Set<Path> directories, boolean changed, Duration again, Duration next) {

	boolean isConclusive() {
		return this.again.isZero();
	}

}
