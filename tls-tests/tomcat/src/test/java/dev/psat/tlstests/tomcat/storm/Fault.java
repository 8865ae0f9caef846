package dev.psat.tlstests.tomcat.storm;

import java.util.Random;

/**
 * Something that goes wrong for a while, beside whatever else does.
 *
 * @param name what it is
 * @param place where it is: no two faults meet at one place
 * @param course what happens
 */
record Fault(String name, String place, Course course) {

	/**
	 * Return a fault that is over at once.
	 */
	static Fault sudden(String name, String place, Runnable begin) {
		return lasting(name, place, begin, () -> {
		});
	}

	/**
	 * Return a fault that lasts.
	 */
	static Fault lasting(String name, String place, Runnable begin, Runnable end) {
		return new Fault(name, place, (random) -> {
			begin.run();
			return end;
		});
	}

	/**
	 * The course of a fault.
	 */
	interface Course {

		/**
		 * Let it begin.
		 * @param random decides what is left to chance
		 * @return ends it
		 */
		Runnable begin(Random random);

	}

}
