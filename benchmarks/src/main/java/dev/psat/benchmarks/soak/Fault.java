package dev.psat.benchmarks.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Something that goes wrong.
 *
 * @param number where it stands in the list of faults that the soak is drawn from
 * @param name what it is
 * @param effect what has to come of it
 * @param action makes it happen
 */
record Fault(int number, String name, Effect effect, Action action) {

	/**
	 * Return all faults that can be had here. Root has one less than other users, so that
	 * a seed means the same to the same kind of user only.
	 * @return always in the same order
	 */
	static List<Fault> all() {
		List<Fault> faults = new ArrayList<>();
		faults.addAll(SwapFaults.all());
		faults.addAll(WriterFaults.all());
		faults.addAll(DirectoryFaults.all());
		faults.addAll(PathFaults.all());
		faults.addAll(ContentFaults.all());
		faults.addAll(LifecycleFaults.all());
		return faults;
	}

	/**
	 * Makes a fault happen.
	 */
	interface Action {

		void happen(World world, Random random) throws Exception;

	}

}
