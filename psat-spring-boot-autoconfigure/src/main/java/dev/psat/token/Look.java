package dev.psat.token;

import java.time.Duration;

/**
 * What whoever looks needs to know of a look.
 *
 * @param link where the path led
 * @param changed whether the content was another than at the look before
 * @param again after which time another look is wanted before this one says anything,
 * zero if it says all
 * @param next after which time to look next at the latest
 */
record Look(LinkPath link, boolean changed, Duration again, Duration next) {

	boolean isConclusive() {
		return this.again.isZero();
	}

}
