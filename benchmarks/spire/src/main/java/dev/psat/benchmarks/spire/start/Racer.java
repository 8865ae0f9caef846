package dev.psat.benchmarks.spire.start;

import java.io.IOException;

import dev.psat.benchmarks.startup.Launch;
import dev.psat.benchmarks.startup.LoadedClasses;
import dev.psat.benchmarks.startup.WebProcess;

/**
 * Who takes part in a race.
 *
 * @param name what it is called in a table
 * @param launch how it is started
 * @param program what is started
 */
record Racer(String name, Launch launch, Program program) {

	Racer with(String option) {
		return new Racer(this.name, this.launch.with(option), this.program);
	}

	/**
	 * Start it, and stop it as soon as it is ready.
	 * @return what that took
	 * @throws Exception if it does not start
	 */
	Figures start() throws Exception {
		try (WebProcess process = this.program.start(this.launch)) {
			return new Figures(process.start(), process.log());
		}
	}

	LoadedClasses classes() throws Exception {
		return this.program.classes(this.launch);
	}

	/**
	 * Return what is still in use on the heap once it is ready.
	 * @return bytes after a collection
	 * @throws Exception if it does not start
	 */
	long heap() throws Exception {
		try (WebProcess process = this.program.start(this.launch)) {
			return LiveHeap.of(this.launch.jdk(), process.pid());
		}
	}

	/**
	 * A program that tells when it is ready.
	 */
	interface Program {

		/**
		 * Start it, and wait until it is ready.
		 * @param launch how to start it
		 * @return the process
		 * @throws IOException if it does not start
		 */
		WebProcess start(Launch launch) throws IOException;

		/**
		 * Count the classes that it has loaded when it is ready.
		 * @param launch how to start it
		 * @return the classes
		 * @throws Exception if it does not start
		 */
		LoadedClasses classes(Launch launch) throws Exception;

	}

}
