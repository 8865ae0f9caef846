package dev.psat.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Something that goes wrong.
 *
 * @param name its name
 * @param effect its expected effect
 * @param action makes it happen
 */
record Fault(String name, Effect effect, Action action) {

	/**
	 * Return all faults that are possible here. Root has one less than other users, so a
	 * seed means the same only for the same kind of user.
	 * @return the faults, always in the same order
	 */
	static List<Fault> all() {
		List<Fault> faults = new ArrayList<>(FileFaults.all());
		faults.addAll(PathFaults.all());
		faults.addAll(ContentFaults.all());
		faults.addAll(ClockFaults.all());
		return faults;
	}

	/**
	 * Makes a fault happen.
	 */
	interface Action {

		void happen(World world, Random random) throws Exception;

	}

}
