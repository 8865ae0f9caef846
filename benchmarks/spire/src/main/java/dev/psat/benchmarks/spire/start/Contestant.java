package dev.psat.benchmarks.spire.start;

import java.util.List;

import dev.psat.benchmarks.startup.Jdk;
import dev.psat.benchmarks.startup.Launch;
import dev.psat.benchmarks.startup.WebApplications;
import dev.psat.benchmarks.startup.WebProcess;

/**
 * A variant of the web application.
 *
 * @param name what it is called in a table
 * @param applications starts it with its properties
 * @param jars its class path
 */
record Contestant(String name, WebApplications applications, Jars jars) {

	Launch launch(Jdk jdk) {
		return new Launch(jdk, this.jars.classPath(), List.of());
	}

	Figures start(Launch launch) throws Exception {
		try (WebProcess process = this.applications.process(launch)) {
			return Figures.of(process);
		}
	}

	/**
	 * Return what is still in use on the heap once the application is ready.
	 * @param launch how to start it
	 * @return bytes after a collection
	 * @throws Exception if it does not start
	 */
	long heap(Launch launch) throws Exception {
		try (WebProcess process = this.applications.process(launch)) {
			return LiveHeap.of(launch.jdk(), process.pid());
		}
	}

	Racer racer(Jdk jdk, Preparation preparation) throws Exception {
		Launch launch = preparation.prepare(this.applications, launch(jdk));
		return new Racer(this.name, () -> start(launch));
	}

	/**
	 * Prepares what makes a start faster.
	 */
	@FunctionalInterface
	interface Preparation {

		Launch prepare(WebApplications applications, Launch launch) throws Exception;

	}

}
