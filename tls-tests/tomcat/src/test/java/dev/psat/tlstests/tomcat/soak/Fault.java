package dev.psat.tlstests.tomcat.soak;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that goes wrong at the SPIRE Server.
 *
 * @param name what it is
 * @param effect what applications may show of it
 * @param course lets it happen, and waits until it is seen
 */
record Fault(String name, Effect effect, Course course) {

	/**
	 * Return all faults.
	 * @param patient whether there is time for those that take minutes
	 * @return always in the same order
	 */
	static List<Fault> all(boolean patient) {
		List<Fault> faults = new ArrayList<>(OutageFaults.all(patient));
		faults.addAll(ServerFaults.all());
		return faults;
	}

	/**
	 * The course of a fault until it is mended.
	 */
	interface Course {

		void run(Trial trial) throws Exception;

	}

}
